//! How the dictionaries were made, and tests of how well they pack unseen data.
//!
//! ```sh
//! cargo test --locked --lib packing::training::samples -- --ignored
//! zstd --train-fastcover=steps=40 target/samples/bodies/* --maxdict=4096 -o src/service/store/packing/bodies.dict
//! zstd --train-fastcover=steps=40 target/samples/exchanges/* --maxdict=4096 -o src/service/store/packing/exchanges.dict
//! ```
//!
//! Add another dictionary beside them with its own number, because rows were packed with these.

#[path = "../../../../tests/common/invented.rs"]
mod invented;

use std::path::Path;

use serde_json::{Value, json};

use super::*;
use crate::{
    domain::{
        ids::EventId,
        json::JsonObject,
        payload::{Draft, Envelope, EventData},
        time::Timestamp,
        version::Version,
    },
    signing,
};
use invented::Dice;

/// The bytes that are packed for an invented event.
fn body(seed: u64) -> Vec<u8> {
    let (event_type, data) = invented::event(seed);
    let dice = &mut Dice(seed);
    let at = Timestamp::from_seconds(1_790_000_000 + dice.below(30_000_000) as i64);
    let event_type = event_type.parse().unwrap();
    let data = EventData::check(event_type, JsonObject::parse(&data.to_string()).unwrap()).unwrap();
    let random = dice.next().to_be_bytes().repeat(2);
    let id = EventId::new(at, random[..10].try_into().unwrap());
    let envelope = Envelope { id, event_type, occurred_at: at, dispatched_at: at };
    // Most samples have the stable version; the other version shares its values.
    let version = if dice.below(8) == 0 { Version::V2 } else { Version::V1 };
    Draft::of(version, &envelope, &data).parts().0.to_vec()
}

/// The stored bytes of an invented request and its answer.
fn exchange(seed: u64) -> Vec<u8> {
    let dice = &mut Dice(seed ^ 0x00ec_ca2e);
    let header = |name: &str, value: String| json!({"name": name, "value": value});
    let hex =
        |dice: &mut Dice, bytes: usize| hex::encode((0..bytes).map(|_| dice.below(256) as u8).collect::<Vec<_>>());
    let second = 1_790_000_000 + dice.below(30_000_000);
    let signature = (0..44)
        .map(|_| b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[dice.below(64) as usize] as char);
    let signature = signature.collect::<String>();
    let mut request = vec![
        header("content-type", "application/json".to_owned()),
        header("user-agent", "tm-hooks/0.1.0".to_owned()),
        header(signing::TIMEMOTO_SIGNATURE, hex(dice, 32)),
        header(signing::WEBHOOK_ID, format!("tm_{}", hex(dice, 16))),
        header(signing::WEBHOOK_TIMESTAMP, second.to_string()),
        header(signing::WEBHOOK_SIGNATURE, format!("v1,{}=", &signature[..43])),
        header("webhook-version", if dice.below(8) == 0 { "v2" } else { "v1" }.to_owned()),
        header("webhook-attempt", (1 + dice.below(3) / 2).to_string()),
    ];
    if dice.below(5) == 0 {
        request.push(header("Authorization", "••••••".to_owned()));
    }
    let url = format!(
        "https://{}.example.com{}",
        dice.one(&["hooks", "erp", "api", "hr", "time"]),
        dice.one(&["/hooks", "/webhook", "/api/timemoto", "/v1/in", "/"])
    );
    serde_json::to_vec(&json!([url, request, response(dice)])).unwrap()
}

fn response(dice: &mut Dice) -> Value {
    if dice.below(10) == 0 {
        return Value::Null;
    }
    let day = dice.one(&["Mon, 23", "Tue, 24", "Wed, 25", "Thu, 26", "Fri, 27"]);
    let date = format!("{day} Nov 2026 {:02}:{:02}:{:02} GMT", dice.below(24), dice.below(60), dice.below(60));
    let body = dice.one(&["", "", "OK", "ok", "{\"status\":\"ok\"}", "{\"received\":true}", "<html><head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n", "Internal Server Error"]);
    let content_type =
        dice.one(&["text/plain; charset=utf-8", "application/json", "application/json; charset=utf-8", "text/html"]);
    let server = dice.one(&["nginx", "cloudflare", "Apache", "Kestrel", "uvicorn"]);
    let length = body.len().to_string();
    let headers = [
        ("date", date.as_str()),
        ("server", server),
        ("content-type", content_type),
        ("content-length", &length),
        ("connection", "keep-alive"),
    ];
    let from = dice.below(3) as usize;
    let headers: Vec<_> = headers[from..].iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    json!({"headers": headers, "body": body, "truncated": false})
}

/// The seeds of the training data; other data uses none of their accounts.
const SEEDS: std::ops::Range<u64> = 1_000_000..1_002_000;

#[test]
#[ignore = "writes what the dictionaries are trained on"]
fn samples() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/samples");
    for (name, sample) in [("bodies", body as fn(u64) -> Vec<u8>), ("exchanges", exchange)] {
        std::fs::create_dir_all(folder.join(name)).unwrap();
        for seed in SEEDS {
            std::fs::write(folder.join(name).join(seed.to_string()), sample(seed)).unwrap();
        }
    }
}

/// The average size of such samples, plain and packed.
fn average(sample: fn(u64) -> Vec<u8>, with: Dictionary) -> (usize, usize) {
    const MANY: u64 = 500;
    let samples: Vec<_> = (0..MANY).map(|seed| sample(seed * 7_919)).collect();
    let of = |lengths: Vec<usize>| lengths.iter().sum::<usize>() / lengths.len();
    (of(samples.iter().map(Vec::len).collect()), of(samples.iter().map(|bytes| pack(bytes, with).len()).collect()))
}

#[test]
fn what_the_training_never_saw_is_packed_well() {
    let (plain, packed) = average(body, Dictionary::Bodies);
    assert!(plain > 1_200 && packed < plain / 3, "bodies of {plain} bytes take {packed}");
    let (plain, packed) = average(exchange, Dictionary::Exchanges);
    assert!(plain > 600 && packed < plain / 3, "exchanges of {plain} bytes take {packed}");
}

#[test]
fn what_dictionaries_were_packed_with_stays_readable() {
    // These were packed when the dictionaries were made, like rows that are kept for weeks.
    let golden = [
        (Dictionary::Bodies, include_str!("bodies.golden"), body(1)),
        (Dictionary::Exchanges, include_str!("exchanges.golden"), exchange(1_000_001)),
    ];
    for (dictionary, packed, bytes) in golden {
        let again = hex::encode(pack(&bytes, dictionary));
        let packed = hex::decode(packed.trim()).unwrap();
        assert_eq!(unpack(&packed).as_ref(), Ok(&bytes), "packed now it is {again}");
        assert_eq!(packed[0], dictionary as u8);
    }
}
