import type { OperationCase } from '../operations.ts';
import { ACCOUNT, adAccountId, called, id, page, refused } from './answers.ts';

const FIELDS =
  'account_id,account_name,account_currency,campaign_id,campaign_name,adset_id,adset_name,ad_id,ad_name,objective,impressions,reach,frequency,clicks,inline_link_clicks,ctr,cpc,cpm,spend,actions,action_values,cost_per_action_type,purchase_roas';
const STATUS_FIELDS =
  'id,account_id,async_status,async_percent_completion,date_start,date_stop,time_completed';

const asked = { resource: 'insight', insightsOf: 'account', adAccountId, level: 'campaign' };
const row = (more: object = {}) => ({
  campaign_id: '120210',
  impressions: '1000',
  spend: '12.34',
  date_start: '2026-05-01',
  ...more,
});
const plain = { campaign_id: '120210', impressions: 1000, spend: 12.34, date_start: '2026-05-01' };

const status = (async_status: string, async_percent_completion: number) => ({
  method: 'GET',
  path: '/6023',
  body: { id: '6023', async_status, async_percent_completion },
});
const asksStatus = { method: 'GET', path: '/6023', query: { fields: STATUS_FIELDS } };
const started = { method: 'POST', path: `${ACCOUNT}/insights`, body: { report_run_id: '6023' } };
const asksStart = {
  method: 'POST',
  path: `${ACCOUNT}/insights`,
  body: { json: { level: 'campaign', fields: FIELDS, date_preset: 'last_7d' } },
};
const running = { ...asked, operation: 'runReport', timeRange: 'last_7d', returnAll: true };

export const insightCases: OperationCase[] = [
  {
    name: 'insights: get, simplified',
    parameters: { ...asked, operation: 'get', timeRange: 'last_30d', limit: 5 },
    ...called('GET', `${ACCOUNT}/insights`, {
      query: { level: 'campaign', fields: FIELDS, date_preset: 'last_30d', limit: '5' },
      answer: page([
        row({
          actions: [
            { action_type: 'link_click', value: '12' },
            { action_type: 'purchase', value: '3', '7d_click': '2', '1d_view': '1' },
          ],
        }),
      ]),
    }),
    gives: [{ ...plain, actions: { link_click: 12, purchase: { value: 3, '7d_click': 2, '1d_view': 1 } } }],
  },
  {
    name: 'insights: get, raw',
    parameters: { ...asked, operation: 'get', timeRange: 'today', limit: 1, simple: false },
    ...called('GET', `${ACCOUNT}/insights`, {
      query: { level: 'campaign', fields: FIELDS, date_preset: 'today', limit: '1' },
      answer: page([row({ actions: [{ action_type: 'link_click', value: '12' }] })]),
    }),
    gives: [row({ actions: [{ action_type: 'link_click', value: '12' }] })],
  },
  {
    name: 'insights: get of an ad set, for days of one’s own, with breakdowns and windows',
    parameters: {
      resource: 'insight',
      operation: 'get',
      insightsOf: 'adSet',
      adSetId: id('55'),
      level: 'ad',
      timeRange: 'custom',
      since: '2026-05-01T00:00:00',
      until: '2026-05-31T00:00:00.000+02:00',
      limit: 1,
      options: {
        fields: 'impressions, spend',
        breakdowns: ['age', 'gender'],
        actionBreakdowns: ['action_type', 'action_device'],
        attributionWindows: ['7d_click', '1d_view'],
        actionReportTime: 'conversion',
        filtering: '[{"field": "impressions", "operator": "GREATER_THAN", "value": 100}]',
        sort: 'spend_descending',
        timeIncrement: 'days',
        timeIncrementDays: 7,
        unifiedAttribution: true,
      },
    },
    ...called('GET', '/55/insights', {
      query: {
        level: 'ad',
        fields: 'impressions,spend',
        time_range: '{"since":"2026-05-01","until":"2026-05-31"}',
        breakdowns: '["age","gender"]',
        action_breakdowns: '["action_type","action_device"]',
        action_attribution_windows: '["7d_click","1d_view"]',
        action_report_time: 'conversion',
        filtering: '[{"field":"impressions","operator":"GREATER_THAN","value":100}]',
        sort: '["spend_descending"]',
        time_increment: '7',
        use_unified_attribution_setting: 'true',
        limit: '1',
      },
      answer: page([{ age: '18-24', gender: 'female', impressions: '7', actions: [] }]),
    }),
    gives: [{ age: '18-24', gender: 'female', impressions: 7, actions: [] }],
  },
  {
    name: 'insights: get of a campaign, by month; actions by device stay a list',
    parameters: {
      ...asked,
      operation: 'get',
      insightsOf: 'campaign',
      campaignId: id('120210'),
      timeRange: 'this_year',
      limit: 1,
      options: { timeIncrement: 'monthly', fields: 'actions' },
    },
    ...called('GET', '/120210/insights', {
      query: {
        level: 'campaign',
        fields: 'actions',
        date_preset: 'this_year',
        time_increment: 'monthly',
        limit: '1',
      },
      answer: page([{ actions: [{ action_type: 'like', action_device: 'ipad', value: '1' }] }]),
    }),
    gives: [{ actions: [{ action_type: 'like', action_device: 'ipad', value: '1' }] }],
  },
  {
    name: 'insights: get with too much asked for',
    parameters: {
      ...asked,
      operation: 'get',
      insightsOf: 'ad',
      adId: id('9'),
      timeRange: 'maximum',
      limit: 1,
    },
    answers: [
      {
        method: 'GET',
        path: '/9/insights',
        status: 500,
        body: refused(1, "Please reduce the amount of data you're asking for, then retry your request"),
      },
    ],
    asks: [
      {
        method: 'GET',
        path: '/9/insights',
        query: { level: 'campaign', fields: FIELDS, date_preset: 'maximum', limit: '1' },
      },
    ],
    fails: { message: /reduce the amount of data/, description: /Run Report/ },
  },
  ...(
    [
      [{ since: '2026-05-31', until: '2026-05-01' }, '“Since” (2026-05-31) is after “Until” (2026-05-01)'],
      [{ since: 'yesterday', until: '2026-05-01' }, '“Since” is no date: yesterday'],
      [{ since: '2026-05-01', until: '={{ $json.none }}' }, '“Until” is no date: it is empty'],
      [
        { since: '2026-05-01', until: '2026-05-02', options: { filtering: '{}' } },
        '“Filtering” is not a list in JSON',
      ],
      [{ since: '2026-05-01', until: '2026-05-02', adAccountId: id(' ') }, '“Ad Account” is empty'],
    ] as const
  ).map(([parameters, message]): OperationCase => ({
    name: `insights: get asks nobody where ${message}`,
    parameters: { ...asked, operation: 'get', timeRange: 'custom', ...parameters },
    asks: [],
    fails: { message },
  })),
  {
    name: 'insights: create a report',
    parameters: { ...asked, operation: 'createReport', timeRange: 'last_7d' },
    answers: [started],
    asks: [asksStart],
    gives: [{ report_run_id: '6023' }],
  },
  {
    name: 'insights: get the status of a report',
    parameters: { resource: 'insight', operation: 'getReportStatus', reportId: '6023' },
    answers: [status('Job Running', 40)],
    asks: [asksStatus],
    gives: [{ id: '6023', async_status: 'Job Running', async_percent_completion: 40 }],
  },
  {
    name: 'insights: get the results of a report, over two pages',
    parameters: {
      resource: 'insight',
      operation: 'getReportResults',
      reportId: '6023',
      returnAll: true,
    },
    answers: [
      { method: 'GET', path: '/6023/insights', body: page([row()], 'Mg==') },
      { method: 'GET', path: '/6023/insights', body: page([row({ campaign_id: '2' })]) },
    ],
    asks: [
      { method: 'GET', path: '/6023/insights', query: { limit: '500' } },
      { method: 'GET', path: '/6023/insights', query: { limit: '500', after: 'Mg==' } },
    ],
    gives: [plain, { ...plain, campaign_id: '2' }],
  },
  {
    name: 'insights: run a report, waiting until it is complete',
    parameters: { ...running, waiting: { interval: 0.001, giveUpAfter: 1 } },
    answers: [
      started,
      status('Job Not Started', 0),
      status('Job Running', 60),
      // All of it, and yet not complete: the status counts.
      status('Job Running', 100),
      status('Job Completed', 100),
      { method: 'GET', path: '/6023/insights', body: page([row()]) },
    ],
    asks: [
      asksStart,
      asksStatus,
      asksStatus,
      asksStatus,
      asksStatus,
      { method: 'GET', path: '/6023/insights', query: { limit: '500' } },
    ],
    gives: [plain],
  },
  {
    name: 'insights: run a report that Meta fails at',
    parameters: running,
    answers: [started, status('Job Failed', 12)],
    asks: [asksStart, asksStatus],
    fails: { message: 'Meta could not work out the report 6023', description: /fewer breakdowns/ },
  },
  {
    name: 'insights: run a report that takes longer than one waits',
    // 120 ms in pauses of 50: asked at once and after two pauses.
    parameters: { ...running, waiting: { interval: 0.05, giveUpAfter: 0.002 } },
    answers: [started, status('Job Running', 1), status('Job Running', 2), status('Job Running', 3)],
    asks: [asksStart, asksStatus, asksStatus, asksStatus],
    fails: {
      message: 'The report 6023 is not complete after 0.002 min: Job Running, 3%',
      description: /Get Report Results.*6023/,
    },
  },
];
