SELECT
  "t2"."source" AS "source",
  "t2"."event_id" AS "event_id",
  "t2"."date" AS "date",
  "t2"."sender" AS "sender",
  "t2"."receiver" AS "receiver",
  "t2"."code" AS "code",
  "t2"."reports" AS "reports",
  "t2"."articles" AS "articles",
  "t2"."num_mentions" AS "num_mentions",
  "t2"."num_sources" AS "num_sources",
  "t2"."num_articles" AS "num_articles",
  "t2"."url" AS "url",
  "t2"."added" AS "added",
  "t2"."file" AS "file"
FROM "events" AS "t2"
LEFT SEMI JOIN (
  SELECT DISTINCT
    SUBSTRING(
      "t4"."sha256",
      CASE WHEN (
        0 + 1
      ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t4"."sha256") END,
      16
    ) AS "mark"
  FROM (
    SELECT
      "t3"."batch" AS "batch",
      "t3"."seen_at" AS "seen_at",
      "t3"."events_version" AS "events_version",
      "t3"."name" AS "name",
      "t3"."sha256" AS "sha256",
      "t3"."status" AS "status",
      "t3"."_key" AS "_key",
      "t3"."_twice" AS "_twice",
      ROW_NUMBER() OVER (
        PARTITION BY "t3"."_key", "t3"."_twice"
        ORDER BY "t3"."events_version" DESC, "t3"."seen_at" DESC, "t3"."batch" DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
      ) - 1 AS "_place"
    FROM (
      SELECT
        "t1"."batch" AS "batch",
        "t1"."seen_at" AS "seen_at",
        "t1"."events_version" AS "events_version",
        "t1"."name" AS "name",
        "t1"."sha256" AS "sha256",
        "t1"."status" AS "status",
        COALESCE("t1"."sha256", "t1"."name") AS "_key",
        "t1"."status" = 'duplicate' AS "_twice"
      FROM "ledger" AS "t1"
    ) AS "t3"
  ) AS "t4"
  WHERE
    "t4"."_place" = 0 AND "t4"."status" = 'loaded' AND isNotNull("t4"."sha256")
) AS "t6"
  ON "t2"."file" = "t6"."mark"
