import type { Service } from '../transport';
import { googleRefusal } from '../transport/google';

// https://developers.google.com/workspace/drive/api/guides/handle-errors
const ADVICE: { [reason: string]: string } = {
	notFound:
		'Check the ID: the file may be deleted, in another account, or not shared with the connected one.',
	insufficientFilePermissions:
		'The connected account may not do this with the file. Ask its owner for more rights.',
	appNotAuthorizedToFile:
		'The connection may only see files that this app made. Connect again with full access.',
	storageQuotaExceeded: 'The Drive is full. Make room, or use a shared drive.',
	exportSizeLimitExceeded:
		'Google exports documents of up to 10 MB. Choose another format, or split the document.',
	cannotDownloadFile: 'Its owner has forbidden downloading it.',
	cannotShareTeamDriveWithNonGoogleAccounts: 'Give an address that has a Google account.',
	invalidSharingRequest: 'Check the address: it may have no Google account, so an email must be sent to it.',
	dailyLimitExceeded: 'The app’s daily quota at Google is used up; it is renewed at midnight Pacific Time.',
	invalid: "Check the search: names go in single quotes, and a quote within one is written \\'.",
};

export const drive: Service = {
	id: 'google-drive',
	name: 'Google Drive',
	credential: 'hubGoogleDriveOAuth2Api',
	apiBaseUrl: 'https://www.googleapis.com',
	refusal: (response) => googleRefusal(response, ADVICE),
};

export const FILES = '/drive/v3/files';
export const DRIVES = '/drive/v3/drives';

/** Without it, items in shared drives are not found (https://developers.google.com/workspace/drive/api/guides/enable-shareddrives). */
export const ANYWHERE = { supportsAllDrives: true };

/** Drive answers little more than id and name where no fields are named. */
export const USUAL_FIELDS =
	'id,name,mimeType,description,size,parents,driveId,webViewLink,webContentLink,createdTime,modifiedTime,md5Checksum,starred,trashed,shared';
