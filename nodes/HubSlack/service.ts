import type { IDataObject } from 'n8n-workflow';
import type { Refusal, Service } from '../transport';

// https://docs.slack.dev/reference/methods/auth.test#errors and those common to all methods
const KINDS: { [word: string]: Refusal['kind'] } = {
	token_expired: 'expired',
	invalid_auth: 'expired',
	not_authed: 'expired',
	token_revoked: 'reconnect',
	account_inactive: 'reconnect',
	ratelimited: 'rate_limited',
	rate_limited: 'rate_limited',
};

const ADVICE: { [word: string]: string } = {
	channel_not_found: 'Check the channel’s ID, and that the app is a member of it where it is private.',
	not_in_channel: 'Invite the app to the channel first: /invite @app, or Channel → Join.',
};

export const slack: Service = {
	id: 'slack',
	name: 'Slack',
	credential: 'hubSlackOAuth2Api',
	apiBaseUrl: 'https://slack.com/api',
	otherApiBaseUrls: { files: 'https://files.slack.com' },
	refusal: ({ body }) => {
		const { ok, error, needed } = (body ?? {}) as IDataObject;
		// Slack answers 200 with {"ok":false}: the status alone proves nothing.
		if (ok !== false) return null;
		const word = String(error);
		const missing = typeof needed === 'string' ? ` It needs the scope ${needed}.` : '';
		return {
			kind: KINDS[word] ?? 'refused',
			message: `Slack refused the call: ${word}`,
			advice: `${ADVICE[word] ?? `See https://docs.slack.dev/reference/methods for “${word}”.`}${missing}`,
		};
	},
};
