/** Who one is, how it looks, and the way out. */
import { DropdownMenu } from 'radix-ui';
import { BookOpen, Check, LogOut } from 'lucide-react';
import { useState } from 'react';
import { call } from '../api/client.ts';
import { useMe } from '../api/queries.ts';
import { MenuFrame } from '../parts/menu-frame.tsx';
import { menuItem } from '../parts/menu.ts';
import { t } from '../texts.ts';

const THEMES = ['system', 'light', 'dark'] as const;

export function AccountMenu() {
  const { name, email, role } = useMe();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className="flex h-9 min-w-0 items-center gap-2.5 rounded-md px-1.5 text-left hover:bg-raised data-[state=open]:bg-raised md:flex-1">
        <span
          aria-hidden
          className="grid size-6 shrink-0 place-items-center rounded-full bg-accent-soft text-xs font-semibold text-accent"
        >
          {name.trim().match(/^./u)?.[0].toUpperCase() ?? '?'}
        </span>
        <span className="sr-only">{t.nav.account}: </span>
        <span className="min-w-0 truncate font-medium max-md:sr-only">{name}</span>
      </DropdownMenu.Trigger>
      <MenuFrame align="start" width="w-60">
        <div className="px-2 pt-1 pb-2">
          <p className="truncate font-semibold">{name}</p>
          <p className="truncate text-dim">{[email, t.roles[role]].filter(Boolean).join(' · ')}</p>
        </div>
        <DropdownMenu.Separator className="-mx-1 mb-1 h-px bg-line" />
        <Themes />
        <DropdownMenu.Separator className="-mx-1 my-1 h-px bg-line" />
        <DropdownMenu.Item asChild className={menuItem}>
          <a href="/docs">
            <BookOpen aria-hidden className="size-4 text-dim" />
            {t.nav.api}
          </a>
        </DropdownMenu.Item>
        <DropdownMenu.Item className={menuItem} onSelect={() => void signOut()}>
          <LogOut aria-hidden className="size-4 text-dim" />
          {t.nav.signOut}
        </DropdownMenu.Item>
      </MenuFrame>
    </DropdownMenu.Root>
  );
}

function Themes() {
  const [theme, setTheme] = useState(() => localStorage.getItem('hub-theme') ?? 'system');
  const choose = (value: string) => {
    setTheme(value);
    if (value === 'system') localStorage.removeItem('hub-theme');
    else localStorage.setItem('hub-theme', value);
    const { dataset } = document.documentElement;
    if (value === 'system') delete dataset['theme'];
    else dataset['theme'] = value;
  };
  return (
    <DropdownMenu.RadioGroup value={theme} onValueChange={choose} aria-label={t.nav.theme}>
      {THEMES.map((value) => (
        <DropdownMenu.RadioItem
          key={value}
          value={value}
          className={menuItem}
          onSelect={(event) => event.preventDefault()}
        >
          <span className="size-4">
            <DropdownMenu.ItemIndicator>
              <Check aria-hidden className="size-4" />
            </DropdownMenu.ItemIndicator>
          </span>
          {t.nav.themes[value]}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

async function signOut(): Promise<void> {
  await call('POST', '/api/auth/sign-out', { body: {} }).catch(() => {});
  // What was on the page is nobody else's to see: everything is loaded anew.
  location.assign('/');
}
