/** https://developers.facebook.com/docs/marketing-api/audiences/reference/basic-targeting */
import {
	NodeOperationError,
	type IDataObject,
	type IDisplayOptions,
	type IExecuteSingleFunctions,
	type IHttpRequestOptions,
	type INodeProperties,
} from 'n8n-workflow';
import { jsonInBody } from './fields';

type Show = NonNullable<IDisplayOptions['show']>;

export const targetingProperties = (show: Show): INodeProperties[] => [
	{
		displayName: 'Targeting',
		name: 'targetingMode',
		type: 'options',
		default: 'fields',
		options: [
			{ name: 'Using Fields Below', value: 'fields' },
			{ name: 'Using JSON', value: 'json' },
		],
		displayOptions: { show },
	},
	{
		...jsonInBody('Targeting (JSON)', 'targetingJson', 'targeting', {
			required: true,
			default: '{\n  "geo_locations": { "countries": ["US"] }\n}',
			description:
				'<a href="https://developers.facebook.com/docs/marketing-api/audiences/reference/targeting-search">What can be targeted</a>',
		}),
		displayOptions: { show: { ...show, targetingMode: ['json'] } },
	},
	{
		displayName: 'Countries',
		name: 'countries',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. US, CA',
		description: 'Two-letter codes, separated by commas',
		displayOptions: { show: { ...show, targetingMode: ['fields'] } },
		routing: { send: { preSend: [targetingOfFields] } },
	},
	{
		displayName: 'Audience',
		name: 'audience',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: { show: { ...show, targetingMode: ['fields'] } },
		options: [
			{
				displayName: 'Advantage+ Audience',
				name: 'advantageAudience',
				type: 'boolean',
				default: false,
				description: 'Whether Meta may show the ads to others than those described here',
			},
			{
				displayName: 'Custom Audience Names or IDs',
				name: 'customAudiences',
				type: 'multiOptions',
				typeOptions: { loadOptionsMethod: 'getCustomAudiences' },
				default: [],
				description:
					'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
			},
			{
				displayName: 'Excluded Audience Names or IDs',
				name: 'excludedAudiences',
				type: 'multiOptions',
				typeOptions: { loadOptionsMethod: 'getCustomAudiences' },
				default: [],
				description:
					'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
			},
			{
				displayName: 'Genders',
				name: 'genders',
				type: 'multiOptions',
				default: [],
				options: [
					{ name: 'Men', value: 1 },
					{ name: 'Women', value: 2 },
				],
				description: 'All unless chosen',
			},
			{
				displayName: 'Maximum Age',
				name: 'ageMax',
				type: 'number',
				typeOptions: { minValue: 13, maxValue: 65 },
				default: 65,
				description: '65 stands for all older people',
			},
			{
				displayName: 'Minimum Age',
				name: 'ageMin',
				type: 'number',
				typeOptions: { minValue: 13, maxValue: 65 },
				default: 18,
			},
			{
				displayName: 'Platforms',
				name: 'platforms',
				type: 'multiOptions',
				default: [],
				options: [
					{ name: 'Audience Network', value: 'audience_network' },
					{ name: 'Facebook', value: 'facebook' },
					{ name: 'Instagram', value: 'instagram' },
					{ name: 'Messenger', value: 'messenger' },
					{ name: 'Threads', value: 'threads' },
				],
				description: 'Where the ads are shown: Meta decides unless chosen',
			},
		],
	},
];

async function targetingOfFields(
	this: IExecuteSingleFunctions,
	request: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	const countries = listIn(this.getNodeParameter('countries')).map((code) => code.toUpperCase());
	const wrong = countries.find((code) => !/^[A-Z]{2}$/.test(code));
	if (countries.length === 0 || wrong !== undefined)
		throw new NodeOperationError(
			this.getNode(),
			wrong === undefined ? '“Countries” is empty' : `“${wrong}” is no code of a country`,
			{ itemIndex: this.getItemIndex(), description: 'Give two-letter codes such as US, CA.' },
		);
	const given = this.getNodeParameter('audience', {}) as IDataObject;
	const ids = (list: unknown) => listIn(list).map((id) => ({ id }));
	const some = (name: string, list: unknown[]) => (list.length > 0 ? { [name]: list } : {});
	const targeting = {
		geo_locations: { countries },
		...('ageMin' in given ? { age_min: given.ageMin } : {}),
		...('ageMax' in given ? { age_max: given.ageMax } : {}),
		...some('genders', (given.genders ?? []) as number[]),
		...some('custom_audiences', ids(given.customAudiences)),
		...some('excluded_custom_audiences', ids(given.excludedAudiences)),
		...some('publisher_platforms', (given.platforms ?? []) as string[]),
		// Since v23.0 it must be said.
		targeting_automation: { advantage_audience: given.advantageAudience === true ? 1 : 0 },
	};
	return { ...request, body: { ...(request.body as IDataObject), targeting } };
}

const listIn = (given: unknown): string[] =>
	(Array.isArray(given) ? given : String(given ?? '').split(','))
		.map((one) => String(one).trim())
		.filter(Boolean);
