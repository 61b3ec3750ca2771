import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';
import type { Refusal, Service } from '../transport';

export const dropbox: Service = {
	id: 'dropbox',
	name: 'Dropbox',
	credential: 'hubDropboxOAuth2Api',
	apiBaseUrl: 'https://api.dropboxapi.com',
	otherApiBaseUrls: { content: 'https://content.dropboxapi.com' },
	refusal,
};

type DropboxError = {
	/** `path/not_found/..`: the tags from the outside in, and dots that mean nothing. */
	error_summary?: string;
	error?: IDataObject;
	/** For the person at the screen, where Dropbox has one. */
	user_message?: { text?: string };
};

const EXISTS =
	'Something is there already. Choose another path, or turn on “Autorename” or “If File Exists: Overwrite”.';

// https://www.dropbox.com/developers/documentation/http/documentation#error-handling and each endpoint's errors
const ADVICE: { [tag: string]: string } = {
	access_denied: 'The connected account may not share this.',
	cant_transfer_ownership: 'Turn on “Allow Ownership Transfer” if it may get another owner.',
	conflict: EXISTS,
	disallowed_name: 'Dropbox keeps no file or folder of this name: choose another.',
	email_not_verified: 'Verify the email address of the connected Dropbox account first.',
	file: EXISTS,
	file_ancestor: EXISTS,
	folder: EXISTS,
	insufficient_quota: 'The Dropbox account is full: make room in it.',
	insufficient_space: 'The Dropbox account is full: make room in it.',
	invalid_export_format: 'Leave “Export Format” empty, or take one of the file’s export options (Get).',
	invalid_revision: 'Take a revision of this very file, from Get Revisions.',
	invalid_root: 'The account’s root has changed. Set “Root” to “Home Folder”, or connect the account again.',
	invalid_settings:
		'Set at least one setting; a link with a password needs one, and its expiry must lie ahead. Some settings need a paid plan.',
	locked: 'Somebody has locked the file for editing.',
	malformed_path: 'Write the path as /Folder/File.pdf, or take the ID of the file or folder.',
	no_permission: 'The connected account may not use the team space. Set “Root” to “Home Folder”.',
	no_write_permission: 'The connected account may read here, but not write.',
	non_exportable: 'This file is downloaded as it is: turn off “Export”.',
	not_authorized: 'The plan of the Dropbox account, or its team, does not allow these settings.',
	not_file: 'This is a folder. Choose the resource “Folder”.',
	not_folder: 'This is a file. Choose the resource “File”.',
	not_found:
		'There is nothing at this path. Paths are those of the whole Dropbox, of the app’s own folder, or of the team space, as the app and “Root” say.',
	reset: 'The folder changed too much while it was listed. Run the node again.',
	restricted_content: 'Dropbox does not hand out this file, for legal reasons.',
	shared_link_already_exists: 'Turn on “Return Existing Link”, or list the links of this path.',
	shared_link_not_found: 'There is no such link, or it has been revoked.',
	team_folder: 'Team folders are moved and deleted in the team’s admin console only.',
	too_many_files: 'The folder is too large for one call. Take its subfolders one by one.',
	unsupported_file: 'This is no file of bytes (Paper, Google Docs): turn on “Export” in the options.',
};

function refusal({ statusCode, body }: IN8nHttpFullResponse): Partial<Refusal> | null {
	if (statusCode < 400) return null;
	const { error_summary: summary = '', error = {}, user_message: said } = errorIn(body);
	const word = summary.replace(/\/?(?<!\.)\.*$/, '');
	if (word === '') return { message: plainWords(body) ?? `Dropbox answered with status ${statusCode}` };
	const tags = word.split('/');
	const message = `Dropbox refused the call: ${word}${said?.text ? ` (${said.text})` : ''}`;
	if (statusCode === 429 || tags.includes('too_many_write_operations'))
		return { kind: 'rate_limited', message, ...waitIn(error) };
	if (tags[0] === 'missing_scope')
		return {
			kind: 'refused',
			message,
			advice: `The connection lacks the permission ${String(error.required_scope ?? '')}. Give it to the app at Dropbox and ask for it in the hub’s app, then connect the account again.`,
		};
	if (statusCode === 401 && !tags[0]?.endsWith('_access_token'))
		return {
			kind: 'refused',
			message,
			advice: 'The Dropbox account, or its team’s administrator, must act.',
		};
	// The innermost tag that is known says the most.
	const advice = [...tags].reverse().flatMap((tag) => ADVICE[tag] ?? [])[0];
	return { message, ...(advice === undefined ? {} : { advice }) };
}

/** Without `Retry-After`, the body says it. */
function waitIn({ retry_after: seconds }: IDataObject): Pick<Refusal, 'waitMs'> {
	return typeof seconds === 'number' ? { waitMs: seconds * 1000 } : {};
}

function errorIn(body: unknown): DropboxError {
	if (!Buffer.isBuffer(body) && typeof body !== 'string') return (body ?? {}) as DropboxError;
	try {
		const read: unknown = JSON.parse(body.toString());
		return typeof read === 'object' && read !== null ? read : {};
	} catch {
		return {};
	}
}

/** A call that is wrong in itself is answered with 400 and a sentence. */
function plainWords(body: unknown): string | null {
	const text = Buffer.isBuffer(body) || typeof body === 'string' ? body.toString().trim() : '';
	return text === '' || text.startsWith('<') ? null : text.slice(0, 500);
}
