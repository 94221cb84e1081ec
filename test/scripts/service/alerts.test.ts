import { describe, expect, test } from "vitest";
import {
  type AlertsState,
  NO_ALERTS,
  type PolicyState,
} from "../../../scripts/lib/service/alerts/alerts-state.ts";
import { labelsOf } from "../../../scripts/lib/service/alerts/labels.ts";
import {
  planAlerts,
  planAlertsRemoval,
} from "../../../scripts/lib/service/alerts/plan-alerts.ts";
import { listPolicies } from "../../../scripts/lib/service/alerts/rules.ts";
import { stepsOf, titlesOf } from "../../../scripts/lib/plan/step.ts";
import { previewPlan } from "../../support/plans.ts";
import { settingsWith } from "../../support/states.ts";

const settings = settingsWith();
const host = "litellm-proxy-1.us-central1.run.app";
const email = "ann@example.com";
const none: AlertsState = { ...NO_ALERTS, apiEnabled: true };
const channel = {
  name: "projects/my-project/notificationChannels/1",
  labels: { email_address: email },
  userLabels: labelsOf(settings),
};

/** What a set-up leaves behind. */
function made(of = settings): AlertsState {
  return {
    ...none,
    channels: [channel],
    policies: listPolicies(of, host).map(([kind, policy]): PolicyState => ({
      ...policy,
      name: `projects/my-project/alertPolicies/${kind}`,
      notificationChannels: [channel.name],
      // What Google adds.
      conditions: policy.conditions.map((condition) => ({
        ...condition,
        name: "projects/my-project/alertPolicies/x/conditions/y",
      })),
    })),
    checks: [
      {
        name: "projects/my-project/uptimeCheckConfigs/c",
        period: "900s",
        timeout: "60s",
        monitoredResource: { labels: { host } },
        httpCheck: {
          path: "/health/liveliness",
          useSsl: true,
          validateSsl: true,
        },
      },
    ],
  };
}

function plan(state: AlertsState, change: Partial<typeof wanted> = {}) {
  return planAlerts({ ...wanted, ...change }, state);
}

const wanted = { settings, email, host: host as string | undefined };

describe("the alerts of an env", () => {
  test("are made one after the other, each in a policy of its own", () => {
    const planned = plan(NO_ALERTS);
    expect(planned.map((group) => group.length)).toEqual([1, 1]);
    expect(previewPlan(planned)).toMatchInlineSnapshot(`
      "gcloud services enable monitoring.googleapis.com --project=my-project

      gcloud beta monitoring channels create --display-name='litellm-cloudrun dev' --type=email --channel-labels=email_address=ann@example.com --user-labels=litellm-cloudrun=true,service=litellm-proxy,location=us-central1 --format=none --project=my-project
        then gcloud monitoring uptime create 'litellm-cloudrun dev' --resource-type=uptime-url --resource-labels=host=litellm-proxy-1.us-central1.run.app,project_id=my-project --protocol=https --validate-ssl=true --status-classes=2xx --path=/health/liveliness --period=15 --timeout=60 --regions=usa-iowa,europe,asia-pacific --user-labels=litellm-cloudrun=true,service=litellm-proxy,location=us-central1 --format=none --project=my-project
        then channel="$(gcloud beta monitoring channels list --filter='userLabels.litellm-cloudrun=true AND userLabels.service=litellm-proxy AND userLabels.location=us-central1' --format='value(name)' --project=my-project)"
        then channel="$(gcloud beta monitoring channels list --filter='userLabels.litellm-cloudrun=true AND userLabels.service=litellm-proxy AND userLabels.location=us-central1' --format='value(name)' --project=my-project)"
        then channel="$(gcloud beta monitoring channels list --filter='userLabels.litellm-cloudrun=true AND userLabels.service=litellm-proxy AND userLabels.location=us-central1' --format='value(name)' --project=my-project)"
        then channel="$(gcloud beta monitoring channels list --filter='userLabels.litellm-cloudrun=true AND userLabels.service=litellm-proxy AND userLabels.location=us-central1' --format='value(name)' --project=my-project)""
    `);
  });

  test("say what they measure in Google's words, and why", () => {
    const steps = stepsOf(plan({ ...none, channels: [channel] }));
    expect(steps[1]?.preview).toMatchInlineSnapshot(`
      "gcloud alpha monitoring policies create --policy-from-file=- --notification-channels=projects/my-project/notificationChannels/1 --format=none --project=my-project <<'EOF'
      displayName: "litellm-cloudrun dev: server errors"
      combiner: AND
      severity: ERROR
      enabled: true
      conditions:
        - displayName: more than 5 % of the answers are 5xx
          conditionThreshold:
            filter: metric.type = "run.googleapis.com/request_count" AND resource.type = "cloud_run_revision" AND resource.labels.service_name = "litellm-proxy" AND resource.labels.location = "us-central1" AND metric.labels.response_code_class = "5xx"
            aggregations:
              - alignmentPeriod: 300s
                perSeriesAligner: ALIGN_SUM
                crossSeriesReducer: REDUCE_SUM
            denominatorFilter: metric.type = "run.googleapis.com/request_count" AND resource.type = "cloud_run_revision" AND resource.labels.service_name = "litellm-proxy" AND resource.labels.location = "us-central1"
            denominatorAggregations:
              - alignmentPeriod: 300s
                perSeriesAligner: ALIGN_SUM
                crossSeriesReducer: REDUCE_SUM
            comparison: COMPARISON_GT
            thresholdValue: 0.05
            duration: 0s
        - displayName: at least 5 answers are 5xx
          conditionThreshold:
            filter: metric.type = "run.googleapis.com/request_count" AND resource.type = "cloud_run_revision" AND resource.labels.service_name = "litellm-proxy" AND resource.labels.location = "us-central1" AND metric.labels.response_code_class = "5xx"
            aggregations:
              - alignmentPeriod: 300s
                perSeriesAligner: ALIGN_SUM
                crossSeriesReducer: REDUCE_SUM
            comparison: COMPARISON_GT
            thresholdValue: 4
            duration: 0s
      documentation:
        content: More than 5 % of the answers in five minutes were 5xx, and at least 5. scripts/logs.ts shows them; scripts/verify.ts asks every model.
        mimeType: text/markdown
      userLabels:
        litellm-cloudrun: "true"
        service: litellm-proxy
        location: us-central1
        alert: errors
      EOF"
    `);
  });

  test("are left alone where they are as they are to be", () => {
    expect(plan(made())).toEqual([]);
  });

  test("count the service's own refusals where no Vertex AI is asked", () => {
    const apikey = settingsWith({ MODE: "apikey" });
    const [, policy] = listPolicies(apikey, undefined)[1] ?? [];
    expect(JSON.stringify(policy)).toContain(
      "run.googleapis.com/request_count",
    );
  });

  test.each<[string, Partial<typeof wanted>, (state: AlertsState) => void]>([
    [
      'Set alert "litellm-cloudrun dev: memory"',
      {},
      ({ policies: [, , memory] }) => {
        Object.assign(memory ?? {}, { enabled: false });
      },
    ],
    [
      'Set alert "litellm-cloudrun dev: server errors"',
      {},
      ({ policies: [errors] }) => {
        Object.assign(errors ?? {}, { notificationChannels: [] });
      },
    ],
    [
      `Set uptime check of https://${host}/health/liveliness`,
      { settings: settingsWith({ MIN_INSTANCES: "1" }) },
      () => undefined,
    ],
    [
      "Send the alerts of dev to bob@example.com",
      { email: "bob@example.com" },
      () => undefined,
    ],
    [
      "Send the alerts of dev to ann@example.com",
      {},
      (state) => {
        state.channels = [{ ...channel, enabled: false }];
      },
    ],
  ])("are put right: %s", (title, change, drift) => {
    const state = made();
    drift(state);
    expect(titlesOf(plan(state, change))).toEqual([title]);
  });

  test("lose the uptime check and its alert where nothing can be asked any more", () => {
    expect(titlesOf(plan(made(), { host: undefined }))).toEqual([
      'Delete alert "litellm-cloudrun dev: not reachable"',
      `Delete uptime check of ${host}`,
    ]);
  });

  test("get another check where the service has another address", () => {
    expect(titlesOf(plan(made(), { host: "other.example" }))).toEqual([
      "Create uptime check of https://other.example/health/liveliness",
      'Set alert "litellm-cloudrun dev: not reachable"',
      `Delete uptime check of ${host}`,
    ]);
  });

  test("go all, but for a channel that somebody else's alert notifies", () => {
    const state = { ...made(), shared: new Set([channel.name]) };
    const { plan: removal, kept } = planAlertsRemoval(settings, state);
    expect(titlesOf(removal)).toHaveLength(5);
    expect(kept).toEqual([
      "notification channel to ann@example.com: alerts that this project did not make notify it",
    ]);
    const alone = planAlertsRemoval(settings, made());
    expect(titlesOf(alone.plan).at(-1)).toBe(
      "Delete notification channel to ann@example.com",
    );
  });
});
