import { useEffect, useState } from 'react';

/**
 * The secret behind the `#` of a link: no server sees it. It is taken out of the address, which is shown, copied and
 * kept in the browser's history; this tab keeps it for a reload, or for the way back from a provider.
 */
export function useTokenOfLink(): string {
  const [token, setToken] = useState(tokenOfLink);
  useEffect(() => {
    // Another link of the same kind in this tab is another address behind the `#`, and loads nothing.
    const look = () => setToken(tokenOfLink());
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);
  return token;
}

function tokenOfLink(): string {
  const kept = `hub-link-${location.pathname}`;
  const inAddress = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
  if (inAddress !== '') {
    sessionStorage.setItem(kept, inAddress);
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  return inAddress || (sessionStorage.getItem(kept) ?? '');
}
