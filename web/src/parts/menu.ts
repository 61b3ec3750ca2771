export const menuLook = 'z-40 rounded-lg border border-line bg-panel p-1 shadow-over outline-none';
export const menuItem =
  'flex h-8 cursor-pointer items-center gap-2.5 rounded-md px-2 outline-none data-highlighted:bg-raised data-disabled:opacity-50';
