// A client whose types come from docs/openapi.json does one whole task at the service in SERVICE_URL: it compiles and
// ends well when the document says what the API takes and gives.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

const client = createClient<paths>({
  baseUrl: process.env.SERVICE_URL!,
  headers: { Authorization: `Bearer ${process.env.SERVICE_TOKEN}` },
});

type Answered<T> = { data?: T; error?: components["schemas"]["Problem"]; response: Response };

/** The answer's data, or an end that says what was refused. */
function taken<T>({ data, error, response }: Answered<T>): T {
  const id: string | null = response.headers.get("X-Request-Id");
  if (error) throw new Error(`${error.code}: ${error.detail} (${id})`);
  return data!;
}

function expect(what: string, holds: boolean): void {
  if (!holds) throw new Error(`not as expected: ${what}`);
}

/** What a program does that must go on when a later service answers with a status it has not heard of. */
function inWords(status: components["schemas"]["AttemptStatus"]): string {
  switch (status) {
    case "succeeded":
      return "taken";
    case "failed":
      return "refused";
    default:
      return `something else: ${status}`;
  }
}

async function task(): Promise<void> {
  const url = process.env.RECEIVER_URL!;
  const input: components["schemas"]["WebhookInput"] = { name: "Payroll", url, events: ["attendance.*"] };
  const added = taken(await client.POST("/v1/webhooks", { body: input }));
  const path = { id: added.id };

  const taken_twice = await client.POST("/v1/webhooks", { body: input });
  expect("the name is taken", taken_twice.error?.code === "name_taken" && taken_twice.response.status === 409);

  const sent = taken(
    await client.POST("/v1/events", {
      body: { type: "attendance.inserted", data: { timeLogged: "2026-11-23T08:00:00", comment: null } },
      params: { header: { "Idempotency-Key": "clocking-1" } },
    }),
  );
  expect("one delivery", sent.deliveries.length === 1 && sent.deliveries[0].webhookId === added.id);
  const event = taken(await client.GET("/v1/events/{id}", { params: { path: { id: sent.id } } }));
  expect("the data is kept", event.data?.["timeLogged"] === "2026-11-23T08:00:00");

  const tested = taken(await client.POST("/v1/webhooks/{id}/test", { params: { path }, body: { type: "test" } }));
  expect("the test is taken", inWords(tested.status) === "taken");

  const since = "2026-01-01T00:00:00+01:00";
  const page = taken(await client.GET("/v1/attempts", { params: { query: { since, status: "succeeded", limit: 250 } } }));
  const next: string | null | undefined = page.next;
  expect("one page of attempts", page.data.length >= 1 && next === null);

  const read = await client.GET("/v1/webhooks/{id}", { params: { path } });
  const etag = read.response.headers.get("ETag")!;
  const changed = taken(
    await client.PATCH("/v1/webhooks/{id}", {
      params: { path, header: { "If-Match": etag } },
      body: { enabled: false, headers: { "X-Team": "payroll" }, pinnedVersion: null },
    }),
  );
  expect("it is disabled", !changed.enabled && changed.disabledReason === "manual");
  const deleted = await client.DELETE("/v1/webhooks/{id}", { params: { path } });
  expect("it is deleted", deleted.response.status === 204);
}

await task();
console.log("the task is done");
