SELECT
  "t2"."source",
  "t2"."event_id",
  "t2"."date",
  "t2"."sender",
  "t2"."receiver",
  "t2"."code",
  "t2"."reports",
  "t2"."articles",
  "t2"."num_mentions",
  "t2"."num_sources",
  "t2"."num_articles",
  "t2"."url",
  "t2"."added",
  "t2"."file"
FROM "events" AS "t2"
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT DISTINCT
        SUBSTR("t4"."sha256", IF((
          0 + 1
        ) >= 1, 0 + 1, 0 + 1 + LENGTH("t4"."sha256")), 16) AS "mark"
      FROM (
        SELECT
          "t3"."batch",
          "t3"."seen_at",
          "t3"."events_version",
          "t3"."name",
          "t3"."sha256",
          "t3"."status",
          "t3"."_key",
          "t3"."_twice",
          ROW_NUMBER() OVER (
            PARTITION BY "t3"."_key", "t3"."_twice"
            ORDER BY "t3"."events_version" DESC, "t3"."seen_at" DESC, "t3"."batch" DESC
          ) - 1 AS "_place"
        FROM (
          SELECT
            "t1"."batch",
            "t1"."seen_at",
            "t1"."events_version",
            "t1"."name",
            "t1"."sha256",
            "t1"."status",
            COALESCE("t1"."sha256", "t1"."name") AS "_key",
            "t1"."status" = 'duplicate' AS "_twice"
          FROM "ledger" AS "t1"
        ) AS "t3"
      ) AS "t4"
      WHERE
        "t4"."_place" = 0 AND "t4"."status" = 'loaded' AND "t4"."sha256" IS NOT NULL
    ) AS "t6"
    WHERE
      "t2"."file" = "t6"."mark"
  )
