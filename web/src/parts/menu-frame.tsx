/** What a menu opens: the same distance from its button and from the window's edge for each. */
import { DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './basics.tsx';
import { menuLook } from './menu.ts';

export function MenuFrame({
  align,
  width,
  children,
}: {
  align: 'start' | 'end';
  width: string;
  children: ReactNode;
}) {
  return (
    <DropdownMenu.Portal>
      <DropdownMenu.Content align={align} sideOffset={6} collisionPadding={8} className={cx(menuLook, width)}>
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  );
}
