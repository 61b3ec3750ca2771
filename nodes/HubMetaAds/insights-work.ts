import { NodeOperationError, sleep, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import { allPages, eachItem, jsonItems, limitOf, requestJson } from '../transport';
import { idOf } from './fields';
import { asQuery, insightsParameters, insightsPath } from './insights-call';
import { cursorPages } from './pages';
import { meta } from './service';
import { simplified } from './simplify';

/** https://developers.facebook.com/docs/marketing-api/insights/best-practices#asynchronous */
type Report = { id?: string; async_status?: string; async_percent_completion?: number };

// Rows are small: Meta gives more of them at once than of objects.
const ROWS_AT_ONCE = 500;

export const insightsOperations = {
	get: eachItem(async function (itemIndex) {
		const qs = asQuery(insightsParameters(this, itemIndex));
		return jsonItems(await rows(this, itemIndex, insightsPath(this, itemIndex), qs));
	}),

	createReport: eachItem(async function (itemIndex) {
		return { json: { report_run_id: await startReport(this, itemIndex) } };
	}),

	getReportStatus: eachItem(async function (itemIndex) {
		return { json: (await reportOf(this, itemIndex, reportId(this, itemIndex))) as IDataObject };
	}),

	getReportResults: eachItem(async function (itemIndex) {
		return jsonItems(await resultsOf(this, itemIndex, reportId(this, itemIndex)));
	}),

	runReport: eachItem(async function (itemIndex) {
		const id = await startReport(this, itemIndex);
		await completed(this, itemIndex, id);
		return jsonItems(await resultsOf(this, itemIndex, id));
	}),
};

const reportId = (context: IExecuteFunctions, itemIndex: number) =>
	idOf(context, 'reportId', 'Report ID', itemIndex);

async function startReport(context: IExecuteFunctions, itemIndex: number): Promise<string> {
	const { report_run_id: id } = await requestJson(context, meta, itemIndex, {
		method: 'POST',
		url: insightsPath(context, itemIndex),
		body: insightsParameters(context, itemIndex),
		json: true,
	});
	return String(id);
}

async function reportOf(context: IExecuteFunctions, itemIndex: number, id: string): Promise<Report> {
	return await requestJson<Report>(context, meta, itemIndex, {
		method: 'GET',
		url: `/${encodeURIComponent(id)}`,
		qs: { fields: 'id,account_id,async_status,async_percent_completion,date_start,date_stop,time_completed' },
	});
}

/** Asks at once, and then after every pause, until the time given is used up. */
async function completed(context: IExecuteFunctions, itemIndex: number, id: string): Promise<void> {
	const { interval = 5, giveUpAfter = 10 } = context.getNodeParameter('waiting', itemIndex, {}) as {
		interval?: number;
		giveUpAfter?: number;
	};
	const pauseMs = Math.max(1, interval * 1000);
	const pauses = Math.floor((giveUpAfter * 60_000) / pauseMs);
	for (let paused = 0; ; paused++) {
		const { async_status: status, async_percent_completion: percent } = await reportOf(
			context,
			itemIndex,
			id,
		);
		// Skipped: there is nothing to report.
		if (status === 'Job Completed' || status === 'Job Skipped') return;
		if (status === 'Job Failed')
			throw new NodeOperationError(context.getNode(), `Meta could not work out the report ${id}`, {
				itemIndex,
				description:
					'It is mostly too much at once: ask for fewer breakdowns and fields, or for a shorter time range, and run it again.',
			});
		if (paused >= pauses)
			throw new NodeOperationError(
				context.getNode(),
				`The report ${id} is not complete after ${giveUpAfter} min: ${status ?? 'no status'}, ${percent ?? 0}%`,
				{
					itemIndex,
					description: `It goes on at Meta. Get its rows later with "Get Report Results" and the ID ${id}, or wait longer under "Waiting".`,
				},
			);
		await sleep(pauseMs);
	}
}

const resultsOf = (context: IExecuteFunctions, itemIndex: number, id: string) =>
	rows(context, itemIndex, `/${encodeURIComponent(id)}/insights`, {});

async function rows(
	context: IExecuteFunctions,
	itemIndex: number,
	url: string,
	qs: IDataObject,
): Promise<IDataObject[]> {
	const call = { method: 'GET' as const, url, qs };
	const shape = cursorPages(ROWS_AT_ONCE);
	const found = await allPages(context, meta, itemIndex, call, shape, limitOf(context, itemIndex));
	return context.getNodeParameter('simple', itemIndex, true) ? found.map(simplified) : found;
}
