-- Its three look-ups are the same for any event and any webhooks; planning them anew with each statement that stores
-- deliveries takes longer than they do.
ALTER FUNCTION "delivery_has_origin"() SET plan_cache_mode = force_generic_plan;
