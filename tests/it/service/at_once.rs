//! Tests the same request a hundred times at once: one effect, one answer.

use crate::common::{
    Home,
    api::{Answered, Api},
    receiver::Receiver,
    service::{Served, sqlite},
    until,
};
use serde_json::json;

const TIMES: usize = 100;

fn all_alike(answers: &[Answered], status: u16) -> serde_json::Value {
    for answer in answers {
        assert_eq!((answer.status, &answer.body), (status, &answers[0].body));
    }
    answers[0].json()
}

#[test]
fn an_idempotency_key_and_an_event_id_have_one_effect_however_often_they_come() {
    let (home, receiver) = (Home::new(), Receiver::accepting());
    let served = Served::on_database(&home, &sqlite(home.path().join("at-once/hooks.db")));
    let api = Api::of(&served);

    let new = json!({"name": "Payroll", "url": receiver.url(), "events": ["*"]});
    let added = api.post_at_once(TIMES, "/v1/webhooks", &[("idempotency-key", "add-it-once")], &new);
    let webhook = all_alike(&added, 201);
    let listed = api.get("/v1/webhooks").json();
    assert_eq!((listed["data"].as_array().unwrap().len(), &listed["data"][0]["id"]), (1, &webhook["id"]));

    let event = json!({"type": "user.inserted", "data": {"userFullName": "Mara Beispiel"}});
    let keyed = api.post_at_once(TIMES, "/v1/events", &[("idempotency-key", "send-it-once")], &event);
    let keyed = all_alike(&keyed, 202);
    let named = json!({
        "type": "user.updated",
        "data": {"userFullName": "Mara Beispiel"},
        "id": "tm_0199c1d2e3f4758697a8b9cadbecfd0e",
        "occurredAt": "2026-11-23T17:40:00Z"
    });
    let named = all_alike(&api.post_at_once(TIMES, "/v1/events", &[], &named), 202);
    assert_eq!(named["id"], "tm_0199c1d2e3f4758697a8b9cadbecfd0e");

    until("both to be delivered", || (api.attempts("status=succeeded").len() >= 2).then_some(()));
    assert_eq!(served.stopped().0, Some(0));
    let mut came: Vec<_> = receiver.ledger().iter().map(|it| it.id()).collect();
    let mut sent = vec![keyed["id"].as_str().unwrap().to_owned(), named["id"].as_str().unwrap().to_owned()];
    came.sort();
    sent.sort();
    assert_eq!(came, sent, "each event came once");
}
