import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	INodeProperties,
} from 'n8n-workflow';

/** A hub API key: for n8n's HTTP Request node, and for every node of this package. */
export class IntegrationHubApi implements ICredentialType {
	name = 'integrationHubApi';

	displayName = 'Integration Hub API';

	documentationUrl = 'https://www.npmjs.com/package/n8n-nodes-integration-hub';

	icon = { light: 'file:icons/integration-hub.svg', dark: 'file:icons/integration-hub.dark.svg' } as const;

	properties: INodeProperties[] = [
		{
			displayName: 'Hub Address',
			name: 'baseUrl',
			type: 'string',
			default: 'http://localhost:3000',
			placeholder: 'https://hub.example.com',
			required: true,
			description: 'Where the Integration Hub answers, without a path',
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'A key of the hub with the role builder: an admin makes one with POST /api/keys or hub keys create',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl.replace(new RegExp("/+$"), "")}}',
			url: '/api/connections',
			qs: { limit: 1 },
		},
	};
}
