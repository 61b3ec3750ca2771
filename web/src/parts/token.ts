/** The secret of a link: `#token=…`. It stays in the address bar, so that the page can be loaded again. */
export const tokenInAddress = (): string => new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
