import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';
import type { Refusal, Service } from '../transport';

const BOT_NEEDED =
	'Discord lets bots alone work with channels, messages, members and roles: choose the authentication “Hub API Key” and a connection with a bot token.';
const BOT_REFUSED =
	'If it is one with a bot token already, its token is no longer valid (reset it in the Developer Portal and reconnect), or the bot lacks this permission in the server.';

// https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
const ADVICE: { [code: number]: string } = {
	10003: 'Check the channel’s ID, and that the bot can see the channel.',
	10004: 'Check the server’s ID, and that the bot has been added to the server.',
	10007: 'The user is no member of this server.',
	10008: 'Check the message’s ID and its channel.',
	10014: 'Give an emoji such as 👍, or a server’s own one as name:ID.',
	10026: 'The user is not banned here.',
	30003: 'The channel has all the pins it may have: unpin one first.',
	30013: 'The server has all the channels it may have.',
	40005: 'A request may have 25 MiB, and each file what the server’s level allows.',
	50005: 'Only who wrote a message can change its text.',
	50006: 'Fill in a text, embeds, components or files.',
	50007: 'The user takes no direct messages from this bot.',
	50074: 'The server is a community, which needs this channel.',
};

// Signs that the caller is not who may do this, be it a user in place of a bot or a bot without the permission.
const NOT_ALLOWED = [50001, 50013, 20001];

export const discord: Service = {
	id: 'discord',
	name: 'Discord',
	credential: 'hubDiscordOAuth2Api',
	apiBaseUrl: 'https://discord.com/api/v10',
	refusal,
};

/** https://docs.discord.com/developers/reference#error-messages and …/topics/rate-limits */
function refusal({ statusCode, headers, body }: IN8nHttpFullResponse): Partial<Refusal> | null {
	if (statusCode < 400) return null;
	const { message, code, errors, retry_after: retryAfter } = objectIn(body);
	const said = {
		message: [message, ...faults(errors)].filter(Boolean).join('; ') || 'Discord refused the call',
	};
	if (statusCode === 429) return { kind: 'rate_limited', ...said, ...waitIn(retryAfter, headers) };
	// Renewal was tried before this is seen; a user's token that is refused a bot's work stays refused.
	if (statusCode === 401) return { kind: 'refused', ...said, advice: `${BOT_NEEDED} ${BOT_REFUSED}` };
	const own = typeof code === 'number' ? ADVICE[code] : undefined;
	if (own !== undefined) return { ...said, advice: own };
	if (statusCode === 403 || NOT_ALLOWED.includes(Number(code)))
		return { ...said, advice: `${BOT_NEEDED} ${BOT_REFUSED}` };
	return said;
}

function objectIn(body: unknown): IDataObject {
	return typeof body === 'object' && body !== null && !Buffer.isBuffer(body) ? (body as IDataObject) : {};
}

/** Seconds as a float; where a wall in front of Discord answers, the header alone tells. */
function waitIn(retryAfter: unknown, headers: IDataObject): { waitMs?: number } {
	const seconds = [retryAfter, headers['retry-after'], headers['x-ratelimit-reset-after']]
		.filter((one) => one !== undefined)
		.map(Number)
		.find((one) => Number.isFinite(one) && one >= 0);
	return seconds === undefined ? {} : { waitMs: Math.ceil(seconds * 1000) };
}

/** `{embeds: {0: {title: {_errors: [{message}]}}}}` as `embeds.0.title: …` */
function faults(errors: unknown, path: string[] = []): string[] {
	if (typeof errors !== 'object' || errors === null) return [];
	return Object.entries(errors).flatMap(([name, value]) =>
		name === '_errors'
			? (value as { message: string }[]).map(({ message }) => `${path.join('.')}: ${message}`)
			: faults(value, [...path, name]),
	);
}
