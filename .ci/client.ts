// A client whose types come from docs/openapi.json: it compiles when the document says what the API takes and gives.
import createClient from "openapi-fetch";
import type { paths } from "./api";

const client = createClient<paths>({ baseUrl: "http://127.0.0.1:8420" });

async function story(): Promise<string> {
  const added = await client.POST("/v1/webhooks", {
    body: { name: "Payroll", url: "https://erp.example.com/hooks", events: ["attendance.*"] },
  });
  if (added.error) return added.error.code;
  const { data } = await client.GET("/v1/webhooks/{id}", { params: { path: { id: added.data.id } } });
  const page = await client.GET("/v1/attempts", { params: { query: { limit: 50 } } });
  const next: string | null | undefined = page.data?.next;
  return `${data?.name} ${data?.errorRate?.toFixed(2)} ${next}`;
}

void story;
