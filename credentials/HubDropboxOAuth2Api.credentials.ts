import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { hubOAuth2Properties } from './hub-oauth2';

export class HubDropboxOAuth2Api implements ICredentialType {
	name = 'hubDropboxOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Dropbox (Integration Hub) OAuth2 API';

	documentationUrl = 'https://www.npmjs.com/package/n8n-nodes-integration-hub';

	icon = { light: 'file:icons/integration-hub.svg', dark: 'file:icons/integration-hub.dark.svg' } as const;

	properties: INodeProperties[] = hubOAuth2Properties('dropbox');
}
