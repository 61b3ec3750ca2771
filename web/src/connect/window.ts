/** The window in which a provider asks for consent. Small, and apart: it must be opened by the very press. */
import type { Integration } from '../api/types.ts';

const NAME = 'hub-consent';
const [WIDTH, HEIGHT] = [520, 720];

/** @returns null where the browser blocks it */
export function openConsentWindow(): Window | null {
  const left = Math.round(window.screenX + (window.outerWidth - WIDTH) / 2);
  const top = Math.round(window.screenY + (window.outerHeight - HEIGHT) / 3);
  return window.open('', NAME, `popup,width=${WIDTH},height=${HEIGHT},left=${left},top=${top}`);
}

/** A press on Connect, while there is something to connect: `window` undefined asks for a key first. */
export type Connecting = { integration: Integration; window: Window | null | undefined };

export const beginConnecting = (integration: Integration): Connecting => ({
  integration,
  window:
    integration.configured && integration.authTypes.includes('oauth2') ? openConsentWindow() : undefined,
});
