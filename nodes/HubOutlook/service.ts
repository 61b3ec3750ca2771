import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';
import type { Refusal, Service } from '../transport';

export const outlook: Service = {
	id: 'outlook',
	name: 'Outlook',
	credential: 'hubOutlookOAuth2Api',
	apiBaseUrl: 'https://graph.microsoft.com/v1.0',
	refusal,
};

/** https://learn.microsoft.com/graph/errors: `{"error": {"code", "message", "innerError"}}`. */
type GraphError = { code?: string; message?: string };

const PERMISSION =
	'The connected account, or the permissions it was connected with, may not do this. Where it is another person’s calendar or folder, its owner must share it first; where it is the connection, connect the account again.';

// What Exchange answers, by its code. Codes come with and without “Error” in front.
const ADVICE: { [code: string]: string } = {
	accessdenied: PERMISSION,
	authorization_requestdenied: PERMISSION,
	exceededmessagelimit:
		'The account has sent as many messages as Microsoft lets it for now. Wait, or spread the messages over time.',
	folderexists: 'A folder of this name is there already: choose another name, or use that one.',
	foldernotfound: 'Choose the folder from the list: it may be deleted, or belong to another mailbox.',
	inefficientfilter:
		'Microsoft Graph cannot filter and sort by different fields at once. Leave out the order, or a filter.',
	invalididmalformed: 'Take the ID as another operation gave it, complete and from the same mailbox.',
	invalidrecipients: 'Check the addresses of the recipients.',
	invalidinternetmessageheader: 'Names of own headers begin with “x-”, and a message takes at most five.',
	itemnotfound:
		'It may be deleted, moved, or in another mailbox. IDs change when an item is moved, unless “Immutable IDs” is on.',
	mailboxnotenabledforrestapi:
		'The account has no mailbox at Outlook.com or Exchange Online: it may lack a licence, or be kept on a server of its own.',
	messagesizeexceeded:
		'The mailbox takes no message as large as this one. Send fewer or smaller files, or links to them.',
	messagesubmissionblocked:
		'Microsoft has stopped this account from sending: sign in to Outlook and see why.',
	quotaexceeded: 'The mailbox is full: make room in it.',
	sendasdenied: 'This account may not send from that address. Clear “From”, or have the right granted.',
};

function refusal({ statusCode, headers, body }: IN8nHttpFullResponse): Partial<Refusal> | null {
	if (statusCode < 400) return null;
	const { code = '', message = '' } = errorIn(body);
	const said = message || code ? { message: message || code } : {};
	// Throttled is 429, or 503 with a wait (https://learn.microsoft.com/graph/throttling).
	if (statusCode === 429 || (statusCode === 503 && headers['retry-after'] !== undefined))
		return { kind: 'rate_limited', ...said };
	const advice = ADVICE[code.toLowerCase().replace(/^error/, '')];
	return { ...said, ...(advice === undefined ? {} : { advice }) };
}

function errorIn(body: unknown): GraphError {
	try {
		const isText = Buffer.isBuffer(body) || typeof body === 'string';
		const read = (isText ? JSON.parse(body.toString()) : (body ?? {})) as IDataObject;
		const { error } = read;
		return typeof error === 'object' && error !== null ? (error as GraphError) : {};
	} catch {
		return {};
	}
}
