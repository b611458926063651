//! The tests of the store's contract: one suite that runs on every kind of store. Tests of one database's details
//! belong beside its code.

use std::sync::Arc;

use async_trait::async_trait;

use super::{
    Location, Store,
    secret_keys::SecretKeys,
    sqlite::{SqliteStore, plans},
};
use crate::domain::random::SystemRandom;

mod claims;
mod clock;
mod deliveries;
mod durability;
mod events;
mod handover;
mod health;
mod history;
mod instances;
mod keys;
mod paging;
mod rates;
mod recovery;
mod retention;
mod rollups;
mod search;
mod secrets;
mod sources;
mod stats;
mod types;
mod webhooks;
mod world;

/// A source of stores for one test.
#[async_trait]
trait Source: Send + Sync {
    /// Opens another handle to the same data, like another process.
    async fn open(&self) -> Arc<dyn Store>;

    /// Whether a second handle sees the first one's data, during its life and after it.
    fn is_shared(&self) -> bool;
}

struct SqliteFile(tempfile::TempDir);

#[async_trait]
impl Source for SqliteFile {
    async fn open(&self) -> Arc<dyn Store> {
        let location = Location::File(self.0.path().join("hooks.db"));
        Arc::new(SqliteStore::plain(location).unwrap())
    }

    fn is_shared(&self) -> bool {
        true
    }
}

/// A folder that makes databases record their statements.
fn watched() -> tempfile::TempDir {
    tempfile::Builder::new().prefix(plans::WATCHED).tempdir().unwrap()
}

struct SqliteMemory;

#[async_trait]
impl Source for SqliteMemory {
    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(SqliteStore::plain(Location::Memory).unwrap())
    }

    fn is_shared(&self) -> bool {
        false
    }
}

/// Like [`SqliteMemory`], but secrets are encrypted.
struct SqliteSealed(Arc<SecretKeys>);

impl SqliteSealed {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("key");
        std::fs::write(&key, "5e".repeat(32)).unwrap();
        SqliteSealed(Arc::new(SecretKeys::read(&key, None).unwrap()))
    }
}

#[async_trait]
impl Source for SqliteSealed {
    async fn open(&self) -> Arc<dyn Store> {
        let secret_keys = Some(Arc::clone(&self.0));
        Arc::new(SqliteStore::open(Location::Memory, secret_keys, Arc::new(SystemRandom), Arc::default()).unwrap())
    }

    fn is_shared(&self) -> bool {
        false
    }
}

/// Makes a test of each function of the suite for one kind of store. Each test ends with a check of its statements'
/// query plans.
macro_rules! tests {
    ($source:expr; $($room:ident: $($test:ident)+;)+) => {
        $($(
            #[tokio::test]
            async fn $test() {
                super::$room::$test(&$source).await;
                super::plans::look();
            }
        )+)+
    };
}

/// Runs the suite: some tests on every store, others only on stores that can be opened twice.
macro_rules! contract {
    (everywhere { $($everywhere:tt)+ } shared { $($shared:tt)+ }) => {
        mod sqlite_file {
            tests!(super::SqliteFile(super::watched()); $($everywhere)+ $($shared)+);
        }

        mod sqlite_memory {
            tests!(super::SqliteMemory; $($everywhere)+);
        }

        mod sqlite_sealed {
            tests!(super::SqliteSealed::new(); $($everywhere)+);
        }
    };
}

contract! {
    everywhere {
        webhooks:
            a_webhook_is_shown_as_it_was_added
            names_are_unique_until_their_webhook_is_gone
            a_patch_changes_what_it_names_and_nothing_else
            a_stale_revision_changes_nothing
            disabling_holds_and_enabling_spreads
            deleting_cancels_what_waits
            a_long_backlog_is_cancelled_to_the_last
            a_webhook_that_failed_last_is_failing
            the_service_disables_with_its_reason
            lists_filter_and_search
            lists_are_sorted_and_paged_by_key;
        secrets:
            both_secrets_live_while_one_is_rotated
            an_overlap_can_be_ended
            the_global_version_is_for_those_without_a_pin;
        events:
            the_same_event_again_is_answered_as_the_first_time
            an_event_may_have_any_id
            only_enabled_webhooks_that_want_it_get_it
            what_was_sent_is_kept_to_the_last_digit
            data_is_shown_as_it_was_given
            an_id_is_remembered_when_its_body_is_gone
            whoever_gets_a_version_gets_the_same_bytes
            unknown_ids_are_not_found
            events_are_listed_as_a_brute_force_would;
        search:
            a_person_is_found_as_a_brute_force_would
            all_events_are_given_whole
            a_search_goes_on_while_events_pour_in
            a_page_of_a_search_looks_at_a_bounded_number
            a_page_of_whole_events_has_a_bounded_size;
        types:
            types_that_nobody_knows_are_carried
            hundreds_of_types_are_told_apart
            a_type_that_was_never_seen_matches_nothing
            a_refused_event_leaves_no_type;
        keys:
            a_repeated_request_is_done_once
            a_repeated_test_is_the_same_attempt
            a_key_belongs_to_one_request
            each_caller_has_keys_of_its_own
            keys_count_for_a_day
            a_hundred_at_once_have_one_effect;
        deliveries:
            an_event_is_delivered_and_its_history_seen
            every_field_of_a_completion_is_read_back;
        claims:
            the_oldest_comes_first_and_nobody_too_often
            the_oldest_of_all_webhooks_comes_first
            a_backlog_has_a_few_at_a_time_while_others_wait
            what_is_new_does_not_wait_behind_all_backlogs
            the_next_due_time_is_told
            a_claim_has_the_url_headers_and_secret_of_now
            a_completion_without_its_claim_changes_nothing
            a_retry_of_a_webhook_that_was_disabled_meanwhile_is_held
            racing_instances_never_claim_the_same
            only_who_has_joined_can_claim
            new_work_is_announced;
        handover:
            a_delivery_is_handed_over_where_there_is_room
            nothing_is_handed_over_past_what_waits_or_has_failed
            room_is_given_back_when_nothing_comes_of_it
            a_claim_that_is_given_back_waits_as_before;
        health:
            what_a_receiver_asks_for_holds_its_whole_webhook
            enabling_and_a_new_url_end_a_hold_and_forget_failures
            an_answer_of_the_url_before_says_nothing
            an_open_breaker_lets_one_probe_through_after_longer_and_longer_pauses
            a_new_webhook_begins_slowly
            a_thousand_dead_webhooks_do_not_delay_a_live_one
            five_days_without_success_disable_after_two_warnings
            too_few_events_or_a_success_do_not_disable
            tests_neither_count_nor_wait
            many_overdue_retries_are_spread_when_a_service_starts
            few_overdue_retries_go_at_once;
        clock:
            a_jump_of_the_clock_disables_nothing
            a_jump_of_the_clock_ends_no_key
            what_a_wrong_clock_has_planned_is_brought_back
            what_is_planned_by_a_right_clock_stays;
        instances:
            leaving_gives_everything_back
            one_that_was_struck_off_joins_anew_and_keeps_what_it_is_sending
            a_test_is_sent_to_a_disabled_webhook_and_once
            a_test_that_was_cut_short_is_given_up;
        history:
            every_filter_finds_what_a_brute_force_finds
            what_waits_is_counted_as_a_brute_force_counts_it
            what_matches_nothing_is_an_empty_page
            pages_neither_repeat_nor_skip_while_attempts_end
            those_in_flight_come_first_and_pass_the_filters;
        sources:
            a_source_is_shown_as_it_was_added
            a_source_changes_and_its_generation_with_it
            what_a_source_sends_goes_out_as_it_came
            an_event_that_comes_again_is_delivered_once
            a_test_of_a_source_is_noted_and_delivered_nowhere
            equal_ids_of_two_sources_are_two_events
            a_webhook_hears_the_sources_that_it_names
            a_second_request_confirms_a_scheme_and_both_are_delivered
            requests_tell_the_schemes_apart_that_are_left
            a_chosen_scheme_delivers_what_was_kept_and_few_are_kept
            refused_requests_are_few_and_kept_for_a_day
            what_was_taken_is_noted_in_bounded_space
            gaps_and_departures_are_told
            a_deleted_source_leaves_its_events_under_its_name
            a_recovery_makes_missed_deliveries_of_relayed_events;
        recovery:
            a_retry_replaces_the_planned_one_and_the_schedule_goes_on
            what_had_ended_is_tried_once_and_a_success_stays_one
            a_retry_runs_on_a_disabled_webhook_and_not_on_a_deleted_one
            a_retry_is_made_once_a_key_and_never_of_a_test
            a_recovery_delivers_what_failed_and_what_was_missed
            a_recovery_keeps_to_its_rate_and_can_be_stopped
            recoveries_of_random_histories_equal_a_brute_force
            an_event_made_to_test_one_webhook_is_nobody_elses;
        paging:
            pages_are_whole_while_rows_pour_in;
        rates:
            rates_of_random_histories_equal_a_count_by_hand;
        stats:
            rates_equal_a_brute_force
            the_rate_of_24_h_ends_at_the_edges_of_buckets
            the_history_of_a_deleted_webhook_still_counts;
        retention:
            a_new_store_has_nothing_to_tidy
            what_is_old_goes_and_what_is_pending_stays
            pages_go_on_while_what_is_old_goes
            counters_and_deleted_webhooks_go_after_13_months
            many_deliveries_of_one_event_go_in_short_steps
            what_was_delivered_long_ago_is_not_missed
            recoveries_that_have_ended_go_with_the_history
            a_list_begun_when_all_was_gone_misses_nothing;
        rollups:
            sums_of_hours_equal_their_counts
            folding_neither_loses_nor_doubles_a_count
            percentiles_are_told_for_35_days
            a_window_across_the_edge_of_durations_tells_them_of_none_or_of_all;
        durability:
            it_answers_a_ping;
    }
    shared {
        events:
            two_processes_accept_in_one_order;
        instances:
            claims_of_the_dead_are_freed_and_those_of_the_living_never;
        durability:
            everything_is_there_after_reopening
            what_another_process_changes_counts_at_once;
    }
}
