import type { Service } from '../transport';
import { googleRefusal } from '../transport/google';

// https://developers.google.com/workspace/gmail/api/guides/handle-errors
const ADVICE: { [reason: string]: string } = {
	notFound: 'Check the ID: it may belong to another mailbox, or be deleted for good.',
	failedPrecondition: 'The mailbox may be suspended, or Gmail may be switched off for this account.',
	domainPolicy: 'An administrator of the Google Workspace has switched off third-party access to Gmail.',
	invalidArgument: 'Check IDs, addresses and label names: Gmail could not read one of them.',
	dailyLimitExceeded: 'The app’s daily quota at Google is used up; it is renewed at midnight Pacific Time.',
};

export const gmail: Service = {
	id: 'gmail',
	name: 'Gmail',
	credential: 'hubGmailOAuth2Api',
	apiBaseUrl: 'https://gmail.googleapis.com',
	refusal: (response) => googleRefusal(response, ADVICE),
};

/** The mailbox of the connected account. */
export const MAILBOX = '/gmail/v1/users/me';
