import type { INodeProperties } from 'n8n-workflow';

/**
 * What the credential types of the eleven have in common: the hub is the authorization server, n8n a public client
 * of it with PKCE, and the integration says whose connection is asked for.
 */
export function hubOAuth2Properties(integrationId: string): INodeProperties[] {
	const hub = '$self["hubUrl"].replace(new RegExp("/+$"), "")';
	const hidden = (name: string, value: string): INodeProperties => ({
		displayName: name,
		name,
		type: 'hidden',
		default: value,
	});
	return [
		{
			displayName: 'Hub Address',
			name: 'hubUrl',
			type: 'string',
			default: 'http://localhost:3000',
			placeholder: 'https://hub.example.com',
			required: true,
			description: 'Where the Integration Hub answers, without a path',
		},
		hidden('grantType', 'pkce'),
		hidden('authUrl', `={{${hub}}}/oauth2/authorize`),
		hidden('accessTokenUrl', `={{${hub}}}/oauth2/token`),
		hidden('clientId', 'n8n'),
		// A public client has none; n8n wants the field.
		hidden('clientSecret', ''),
		hidden('scope', integrationId),
		hidden('authQueryParameters', `integration=${integrationId}`),
		hidden('authentication', 'body'),
	];
}
