import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';
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

const USERS_TOKEN =
	'This needs the permission of a person, not of the bot: make a connection that asks for user scopes only, or use one whose token begins with xoxp-.';

const ADVICE: { [word: string]: string } = {
	already_reacted: 'The account has put this emoji there already.',
	cant_invite_self: 'The connected account is the one to be invited: use Channel → Join.',
	cant_update_message: 'Slack lets an account change its own messages only.',
	cant_delete_message: 'Slack lets an account delete its own messages only.',
	channel_not_found: 'Check the channel’s ID, and that the app is a member of it where it is private.',
	file_not_found: 'Check the file’s ID, and that the connected account may see it.',
	invalid_blocks: 'Try the blocks in Slack’s Block Kit Builder: it says which of them is wrong.',
	invalid_name_specials: 'Channel names have lower-case letters, digits, hyphens and underscores only.',
	is_archived: 'Unarchive the channel first.',
	message_not_found: 'Check the timestamp: it must be the message’s own, with all six digits behind the dot.',
	method_not_supported_for_channel_type: 'This cannot be done with a channel of this kind.',
	missing_scope:
		'Connect the account again with that scope added to the app’s scopes at the hub, or to those of the connection.',
	name_taken: 'Another channel has this name already, perhaps an archived one.',
	no_reaction: 'There is no such reaction by the connected account.',
	no_text: 'Fill in a text, blocks or attachments.',
	not_allowed_token_type: USERS_TOKEN,
	not_in_channel: 'Invite the app to the channel first: /invite @app, or Channel → Join.',
	paid_teams_only: 'The workspace’s plan does not include this.',
	time_in_past: 'Choose a time in the future.',
	time_too_far: 'Slack schedules messages up to 120 days ahead.',
	user_not_found: 'Check the user’s ID; it belongs to one workspace.',
	users_not_found: 'No person of this workspace has that email address.',
};

export const slack: Service = {
	id: 'slack',
	name: 'Slack',
	credential: 'hubSlackOAuth2Api',
	apiBaseUrl: 'https://slack.com/api',
	// Where files are downloaded from, with the same token.
	otherApiBaseUrls: { files: 'https://files.slack.com' },
	refusal,
};

function refusal({ body }: IN8nHttpFullResponse): Partial<Refusal> | null {
	const { ok, error, needed, response_metadata: metadata } = (body ?? {}) as IDataObject;
	// Slack answers 200 with {"ok":false}: the status alone proves nothing.
	if (ok !== false) return null;
	const word = String(error);
	const { messages = [] } = (metadata ?? {}) as { messages?: string[] };
	const missing = typeof needed === 'string' ? ` It needs the scope ${needed}.` : '';
	return {
		kind: KINDS[word] ?? 'refused',
		message: [`Slack refused the call: ${word}`, ...messages].join(' '),
		advice: `${ADVICE[word] ?? `See https://docs.slack.dev/reference/methods for “${word}”.`}${missing}`,
	};
}
