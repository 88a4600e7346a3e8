SELECT
  'gdelt2' AS "source",
  "t12"."event_id" AS "event_id",
  CAST("t12"."day" AS Nullable(Date32)) AS "date",
  "t12"."sender" AS "sender",
  "t12"."receiver" AS "receiver",
  "t12"."code" AS "code",
  1 AS "reports",
  1 AS "articles",
  "t12"."num_mentions" AS "num_mentions",
  "t12"."num_sources" AS "num_sources",
  "t12"."num_articles" AS "num_articles",
  "t12"."url" AS "url",
  CAST("t12"."time" AS Nullable(DateTime64(0, 'UTC'))) AS "added",
  '' AS "file"
FROM (
  SELECT
    "t11"."Actor1CountryCode" AS "Actor1CountryCode",
    "t11"."Actor1KnownGroupCode" AS "Actor1KnownGroupCode",
    "t11"."Actor1EthnicCode" AS "Actor1EthnicCode",
    "t11"."Actor1Religion1Code" AS "Actor1Religion1Code",
    "t11"."Actor1Religion2Code" AS "Actor1Religion2Code",
    "t11"."Actor1Type1Code" AS "Actor1Type1Code",
    "t11"."Actor2CountryCode" AS "Actor2CountryCode",
    "t11"."Actor2KnownGroupCode" AS "Actor2KnownGroupCode",
    "t11"."Actor2EthnicCode" AS "Actor2EthnicCode",
    "t11"."Actor2Religion1Code" AS "Actor2Religion1Code",
    "t11"."Actor2Religion2Code" AS "Actor2Religion2Code",
    "t11"."Actor2Type1Code" AS "Actor2Type1Code",
    "t11"."GLOBALEVENTID" AS "GLOBALEVENTID",
    "t11"."SQLDATE" AS "SQLDATE",
    "t11"."EventCode" AS "EventCode",
    "t11"."NumMentions" AS "NumMentions",
    "t11"."NumSources" AS "NumSources",
    "t11"."NumArticles" AS "NumArticles",
    "t11"."DATEADDED" AS "DATEADDED",
    "t11"."SOURCEURL" AS "SOURCEURL",
    "t11"."sender" AS "sender",
    "t11"."receiver" AS "receiver",
    "t11"."outside" AS "outside",
    "t11"."day" AS "day",
    "t11"."time" AS "time",
    "t11"."day_reason" AS "day_reason",
    CAST(CASE
      WHEN CASE
        WHEN match(replaceRegexpAll("t11"."GLOBALEVENTID", '^ +| +$', ''), '^[0-9]+$')
        AND (
          LENGTH(replaceRegexpAll("t11"."GLOBALEVENTID", '^ +| +$', '')) <= 19
        )
        THEN leftPadUTF8(
          replaceRegexpAll("t11"."GLOBALEVENTID", '^ +| +$', ''),
          GREATEST(lengthUTF8(replaceRegexpAll("t11"."GLOBALEVENTID", '^ +| +$', '')), 19),
          '0'
        )
        ELSE '9999999999999999999'
      END <= '9223372036854775807'
      THEN CASE
        WHEN match(replaceRegexpAll("t11"."GLOBALEVENTID", '^ +| +$', ''), '^[0-9]+$')
        AND (
          LENGTH(replaceRegexpAll("t11"."GLOBALEVENTID", '^ +| +$', '')) <= 19
        )
        THEN leftPadUTF8(
          replaceRegexpAll("t11"."GLOBALEVENTID", '^ +| +$', ''),
          GREATEST(lengthUTF8(replaceRegexpAll("t11"."GLOBALEVENTID", '^ +| +$', '')), 19),
          '0'
        )
        ELSE '9999999999999999999'
      END
      ELSE NULL
    END AS Nullable(Int64)) AS "event_id",
    CAST(CASE
      WHEN CASE
        WHEN match(replaceRegexpAll("t11"."NumMentions", '^ +| +$', ''), '^[0-9]+$')
        AND (
          LENGTH(replaceRegexpAll("t11"."NumMentions", '^ +| +$', '')) <= 19
        )
        THEN leftPadUTF8(
          replaceRegexpAll("t11"."NumMentions", '^ +| +$', ''),
          GREATEST(lengthUTF8(replaceRegexpAll("t11"."NumMentions", '^ +| +$', '')), 19),
          '0'
        )
        ELSE '9999999999999999999'
      END <= '0000000002147483647'
      THEN CASE
        WHEN match(replaceRegexpAll("t11"."NumMentions", '^ +| +$', ''), '^[0-9]+$')
        AND (
          LENGTH(replaceRegexpAll("t11"."NumMentions", '^ +| +$', '')) <= 19
        )
        THEN leftPadUTF8(
          replaceRegexpAll("t11"."NumMentions", '^ +| +$', ''),
          GREATEST(lengthUTF8(replaceRegexpAll("t11"."NumMentions", '^ +| +$', '')), 19),
          '0'
        )
        ELSE '9999999999999999999'
      END
      ELSE NULL
    END AS Nullable(Int32)) AS "num_mentions",
    CAST(CASE
      WHEN CASE
        WHEN match(replaceRegexpAll("t11"."NumSources", '^ +| +$', ''), '^[0-9]+$')
        AND (
          LENGTH(replaceRegexpAll("t11"."NumSources", '^ +| +$', '')) <= 19
        )
        THEN leftPadUTF8(
          replaceRegexpAll("t11"."NumSources", '^ +| +$', ''),
          GREATEST(lengthUTF8(replaceRegexpAll("t11"."NumSources", '^ +| +$', '')), 19),
          '0'
        )
        ELSE '9999999999999999999'
      END <= '0000000002147483647'
      THEN CASE
        WHEN match(replaceRegexpAll("t11"."NumSources", '^ +| +$', ''), '^[0-9]+$')
        AND (
          LENGTH(replaceRegexpAll("t11"."NumSources", '^ +| +$', '')) <= 19
        )
        THEN leftPadUTF8(
          replaceRegexpAll("t11"."NumSources", '^ +| +$', ''),
          GREATEST(lengthUTF8(replaceRegexpAll("t11"."NumSources", '^ +| +$', '')), 19),
          '0'
        )
        ELSE '9999999999999999999'
      END
      ELSE NULL
    END AS Nullable(Int32)) AS "num_sources",
    CAST(CASE
      WHEN CASE
        WHEN match(replaceRegexpAll("t11"."NumArticles", '^ +| +$', ''), '^[0-9]+$')
        AND (
          LENGTH(replaceRegexpAll("t11"."NumArticles", '^ +| +$', '')) <= 19
        )
        THEN leftPadUTF8(
          replaceRegexpAll("t11"."NumArticles", '^ +| +$', ''),
          GREATEST(lengthUTF8(replaceRegexpAll("t11"."NumArticles", '^ +| +$', '')), 19),
          '0'
        )
        ELSE '9999999999999999999'
      END <= '0000000002147483647'
      THEN CASE
        WHEN match(replaceRegexpAll("t11"."NumArticles", '^ +| +$', ''), '^[0-9]+$')
        AND (
          LENGTH(replaceRegexpAll("t11"."NumArticles", '^ +| +$', '')) <= 19
        )
        THEN leftPadUTF8(
          replaceRegexpAll("t11"."NumArticles", '^ +| +$', ''),
          GREATEST(lengthUTF8(replaceRegexpAll("t11"."NumArticles", '^ +| +$', '')), 19),
          '0'
        )
        ELSE '9999999999999999999'
      END
      ELSE NULL
    END AS Nullable(Int32)) AS "num_articles",
    CASE
      WHEN replaceRegexpAll("t11"."EventCode", '^ +| +$', '') IN ('01', '010', '011', '012', '013', '014', '015', '016', '017', '018', '019', '02', '020', '021', '0211', '0212', '0213', '0214', '022', '023', '0231', '0232', '0233', '0234', '024', '0241', '0242', '0243', '0244', '025', '0251', '0252', '0253', '0254', '0255', '0256', '026', '027', '028', '03', '030', '031', '0311', '0312', '0313', '0314', '032', '033', '0331', '0332', '0333', '0334', '034', '0341', '0342', '0343', '0344', '035', '0351', '0352', '0353', '0354', '0355', '0356', '036', '037', '038', '039', '04', '040', '041', '042', '043', '044', '045', '046', '05', '050', '051', '052', '053', '054', '055', '056', '057', '06', '060', '061', '062', '063', '064', '07', '070', '071', '072', '073', '074', '075', '08', '080', '081', '0811', '0812', '0813', '0814', '082', '083', '0831', '0832', '0833', '0834', '084', '0841', '0842', '085', '086', '0861', '0862', '0863', '087', '0871', '0872', '0873', '0874', '09', '090', '091', '092', '093', '094', '10', '100', '101', '1011', '1012', '1013', '1014', '102', '103', '1031', '1032', '1033', '1034', '104', '1041', '1042', '1043', '1044', '105', '1051', '1052', '1053', '1054', '1055', '1056', '106', '107', '108', '11', '110', '111', '112', '1121', '1122', '1123', '1124', '1125', '113', '114', '115', '116', '12', '120', '121', '1211', '1212', '1213', '1214', '122', '1221', '1222', '1223', '1224', '123', '1231', '1232', '1233', '1234', '124', '1241', '1242', '1243', '1244', '1245', '1246', '125', '126', '127', '128', '129', '13', '130', '131', '1311', '1312', '1313', '132', '1321', '1322', '1323', '1324', '133', '134', '135', '136', '137', '138', '1381', '1382', '1383', '1384', '1385', '139', '14', '140', '141', '1411', '1412', '1413', '1414', '142', '1421', '1422', '1423', '1424', '143', '1431', '1432', '1433', '1434', '144', '1441', '1442', '1443', '1444', '145', '1451', '1452', '1453', '1454', '15', '150', '151', '152', '153', '154', '16', '160', '161', '162', '1621', '1622', '1623', '163', '164', '165', '166', '1661', '1662', '1663', '17', '170', '171', '1711', '1712', '172', '1721', '1722', '1723', '1724', '173', '174', '175', '18', '180', '181', '182', '1821', '1822', '1823', '183', '1831', '1832', '1833', '184', '185', '186', '19', '190', '191', '192', '193', '194', '195', '196', '20', '200', '201', '202', '203', '204', '2041', '2042')
      THEN replaceRegexpAll("t11"."EventCode", '^ +| +$', '')
      ELSE NULL
    END AS "code",
    CASE WHEN "t11"."SOURCEURL" <> '' THEN "t11"."SOURCEURL" ELSE NULL END AS "url",
    CASE
      WHEN NOT (
        replaceRegexpAll("t11"."EventCode", '^ +| +$', '') IN ('01', '010', '011', '012', '013', '014', '015', '016', '017', '018', '019', '02', '020', '021', '0211', '0212', '0213', '0214', '022', '023', '0231', '0232', '0233', '0234', '024', '0241', '0242', '0243', '0244', '025', '0251', '0252', '0253', '0254', '0255', '0256', '026', '027', '028', '03', '030', '031', '0311', '0312', '0313', '0314', '032', '033', '0331', '0332', '0333', '0334', '034', '0341', '0342', '0343', '0344', '035', '0351', '0352', '0353', '0354', '0355', '0356', '036', '037', '038', '039', '04', '040', '041', '042', '043', '044', '045', '046', '05', '050', '051', '052', '053', '054', '055', '056', '057', '06', '060', '061', '062', '063', '064', '07', '070', '071', '072', '073', '074', '075', '08', '080', '081', '0811', '0812', '0813', '0814', '082', '083', '0831', '0832', '0833', '0834', '084', '0841', '0842', '085', '086', '0861', '0862', '0863', '087', '0871', '0872', '0873', '0874', '09', '090', '091', '092', '093', '094', '10', '100', '101', '1011', '1012', '1013', '1014', '102', '103', '1031', '1032', '1033', '1034', '104', '1041', '1042', '1043', '1044', '105', '1051', '1052', '1053', '1054', '1055', '1056', '106', '107', '108', '11', '110', '111', '112', '1121', '1122', '1123', '1124', '1125', '113', '114', '115', '116', '12', '120', '121', '1211', '1212', '1213', '1214', '122', '1221', '1222', '1223', '1224', '123', '1231', '1232', '1233', '1234', '124', '1241', '1242', '1243', '1244', '1245', '1246', '125', '126', '127', '128', '129', '13', '130', '131', '1311', '1312', '1313', '132', '1321', '1322', '1323', '1324', '133', '134', '135', '136', '137', '138', '1381', '1382', '1383', '1384', '1385', '139', '14', '140', '141', '1411', '1412', '1413', '1414', '142', '1421', '1422', '1423', '1424', '143', '1431', '1432', '1433', '1434', '144', '1441', '1442', '1443', '1444', '145', '1451', '1452', '1453', '1454', '15', '150', '151', '152', '153', '154', '16', '160', '161', '162', '1621', '1622', '1623', '163', '164', '165', '166', '1661', '1662', '1663', '17', '170', '171', '1711', '1712', '172', '1721', '1722', '1723', '1724', '173', '174', '175', '18', '180', '181', '182', '1821', '1822', '1823', '183', '1831', '1832', '1833', '184', '185', '186', '19', '190', '191', '192', '193', '194', '195', '196', '20', '200', '201', '202', '203', '204', '2041', '2042')
      )
      THEN 'unknown_event_code'
      WHEN isNotNull("t11"."day_reason")
      THEN "t11"."day_reason"
      WHEN (
        "t11"."GLOBALEVENTID" <> ''
      )
      AND NOT (
        CASE
          WHEN match(replaceRegexpAll("t11"."GLOBALEVENTID", '^ +| +$', ''), '^[0-9]+$')
          AND (
            LENGTH(replaceRegexpAll("t11"."GLOBALEVENTID", '^ +| +$', '')) <= 19
          )
          THEN leftPadUTF8(
            replaceRegexpAll("t11"."GLOBALEVENTID", '^ +| +$', ''),
            GREATEST(lengthUTF8(replaceRegexpAll("t11"."GLOBALEVENTID", '^ +| +$', '')), 19),
            '0'
          )
          ELSE '9999999999999999999'
        END <= '9223372036854775807'
      )
      THEN 'bad_event_id'
      WHEN (
        "t11"."NumMentions" <> ''
      )
      AND NOT (
        CASE
          WHEN match(replaceRegexpAll("t11"."NumMentions", '^ +| +$', ''), '^[0-9]+$')
          AND (
            LENGTH(replaceRegexpAll("t11"."NumMentions", '^ +| +$', '')) <= 19
          )
          THEN leftPadUTF8(
            replaceRegexpAll("t11"."NumMentions", '^ +| +$', ''),
            GREATEST(lengthUTF8(replaceRegexpAll("t11"."NumMentions", '^ +| +$', '')), 19),
            '0'
          )
          ELSE '9999999999999999999'
        END <= '0000000002147483647'
      )
      THEN 'bad_num_mentions'
      WHEN (
        "t11"."NumSources" <> ''
      )
      AND NOT (
        CASE
          WHEN match(replaceRegexpAll("t11"."NumSources", '^ +| +$', ''), '^[0-9]+$')
          AND (
            LENGTH(replaceRegexpAll("t11"."NumSources", '^ +| +$', '')) <= 19
          )
          THEN leftPadUTF8(
            replaceRegexpAll("t11"."NumSources", '^ +| +$', ''),
            GREATEST(lengthUTF8(replaceRegexpAll("t11"."NumSources", '^ +| +$', '')), 19),
            '0'
          )
          ELSE '9999999999999999999'
        END <= '0000000002147483647'
      )
      THEN 'bad_num_sources'
      WHEN (
        "t11"."NumArticles" <> ''
      )
      AND NOT (
        CASE
          WHEN match(replaceRegexpAll("t11"."NumArticles", '^ +| +$', ''), '^[0-9]+$')
          AND (
            LENGTH(replaceRegexpAll("t11"."NumArticles", '^ +| +$', '')) <= 19
          )
          THEN leftPadUTF8(
            replaceRegexpAll("t11"."NumArticles", '^ +| +$', ''),
            GREATEST(lengthUTF8(replaceRegexpAll("t11"."NumArticles", '^ +| +$', '')), 19),
            '0'
          )
          ELSE '9999999999999999999'
        END <= '0000000002147483647'
      )
      THEN 'bad_num_articles'
      ELSE NULL
    END AS "reason"
  FROM (
    SELECT
      "t7"."Actor1CountryCode" AS "Actor1CountryCode",
      "t7"."Actor1KnownGroupCode" AS "Actor1KnownGroupCode",
      "t7"."Actor1EthnicCode" AS "Actor1EthnicCode",
      "t7"."Actor1Religion1Code" AS "Actor1Religion1Code",
      "t7"."Actor1Religion2Code" AS "Actor1Religion2Code",
      "t7"."Actor1Type1Code" AS "Actor1Type1Code",
      "t7"."Actor2CountryCode" AS "Actor2CountryCode",
      "t7"."Actor2KnownGroupCode" AS "Actor2KnownGroupCode",
      "t7"."Actor2EthnicCode" AS "Actor2EthnicCode",
      "t7"."Actor2Religion1Code" AS "Actor2Religion1Code",
      "t7"."Actor2Religion2Code" AS "Actor2Religion2Code",
      "t7"."Actor2Type1Code" AS "Actor2Type1Code",
      "t7"."GLOBALEVENTID" AS "GLOBALEVENTID",
      "t7"."SQLDATE" AS "SQLDATE",
      "t7"."EventCode" AS "EventCode",
      "t7"."NumMentions" AS "NumMentions",
      "t7"."NumSources" AS "NumSources",
      "t7"."NumArticles" AS "NumArticles",
      "t7"."DATEADDED" AS "DATEADDED",
      "t7"."SOURCEURL" AS "SOURCEURL",
      "t7"."sender" AS "sender",
      "t7"."receiver" AS "receiver",
      "t7"."outside" AS "outside",
      "t10"."day" AS "day",
      "t10"."time" AS "time",
      "t10"."day_reason" AS "day_reason"
    FROM (
      SELECT
        "t3"."Actor1CountryCode" AS "Actor1CountryCode",
        "t3"."Actor1KnownGroupCode" AS "Actor1KnownGroupCode",
        "t3"."Actor1EthnicCode" AS "Actor1EthnicCode",
        "t3"."Actor1Religion1Code" AS "Actor1Religion1Code",
        "t3"."Actor1Religion2Code" AS "Actor1Religion2Code",
        "t3"."Actor1Type1Code" AS "Actor1Type1Code",
        "t3"."Actor2CountryCode" AS "Actor2CountryCode",
        "t3"."Actor2KnownGroupCode" AS "Actor2KnownGroupCode",
        "t3"."Actor2EthnicCode" AS "Actor2EthnicCode",
        "t3"."Actor2Religion1Code" AS "Actor2Religion1Code",
        "t3"."Actor2Religion2Code" AS "Actor2Religion2Code",
        "t3"."Actor2Type1Code" AS "Actor2Type1Code",
        "t3"."GLOBALEVENTID" AS "GLOBALEVENTID",
        "t3"."SQLDATE" AS "SQLDATE",
        "t3"."EventCode" AS "EventCode",
        "t3"."NumMentions" AS "NumMentions",
        "t3"."NumSources" AS "NumSources",
        "t3"."NumArticles" AS "NumArticles",
        "t3"."DATEADDED" AS "DATEADDED",
        "t3"."SOURCEURL" AS "SOURCEURL",
        CASE WHEN "t3"."sender_reason" = '' THEN "t3"."sender" ELSE NULL END AS "sender",
        CASE WHEN "t3"."receiver_reason" = '' THEN "t3"."receiver" ELSE NULL END AS "receiver",
        CASE
          WHEN "t3"."sender_reason" = 'no_actor'
          THEN 'no_first_actor'
          WHEN "t3"."receiver_reason" = 'no_actor'
          THEN 'no_second_actor'
          WHEN "t3"."sender_reason" <> ''
          THEN "t3"."sender_reason"
          WHEN "t3"."receiver_reason" <> ''
          THEN "t3"."receiver_reason"
          WHEN COALESCE(
            CASE WHEN "t3"."sender_reason" = '' THEN "t3"."sender" ELSE NULL END = CASE WHEN "t3"."receiver_reason" = '' THEN "t3"."receiver" ELSE NULL END,
            FALSE
          )
          AND (
            SUBSTRING(
              CASE WHEN "t3"."sender_reason" = '' THEN "t3"."sender" ELSE NULL END,
              CASE
                WHEN (
                  0 + 1
                ) >= 1
                THEN 0 + 1
                ELSE 0 + 1 + LENGTH(CASE WHEN "t3"."sender_reason" = '' THEN "t3"."sender" ELSE NULL END)
              END,
              4
            ) = 'IGO:'
          )
          THEN 'same_organisation'
          WHEN COALESCE(
            CASE WHEN "t3"."sender_reason" = '' THEN "t3"."sender" ELSE NULL END = CASE WHEN "t3"."receiver_reason" = '' THEN "t3"."receiver" ELSE NULL END,
            FALSE
          )
          THEN 'same_state'
          ELSE NULL
        END AS "outside"
      FROM (
        SELECT
          "t2"."Actor1CountryCode" AS "Actor1CountryCode",
          "t2"."Actor1KnownGroupCode" AS "Actor1KnownGroupCode",
          "t2"."Actor1EthnicCode" AS "Actor1EthnicCode",
          "t2"."Actor1Religion1Code" AS "Actor1Religion1Code",
          "t2"."Actor1Religion2Code" AS "Actor1Religion2Code",
          "t2"."Actor1Type1Code" AS "Actor1Type1Code",
          "t2"."Actor2CountryCode" AS "Actor2CountryCode",
          "t2"."Actor2KnownGroupCode" AS "Actor2KnownGroupCode",
          "t2"."Actor2EthnicCode" AS "Actor2EthnicCode",
          "t2"."Actor2Religion1Code" AS "Actor2Religion1Code",
          "t2"."Actor2Religion2Code" AS "Actor2Religion2Code",
          "t2"."Actor2Type1Code" AS "Actor2Type1Code",
          "t2"."GLOBALEVENTID" AS "GLOBALEVENTID",
          "t2"."SQLDATE" AS "SQLDATE",
          "t2"."EventCode" AS "EventCode",
          "t2"."NumMentions" AS "NumMentions",
          "t2"."NumSources" AS "NumSources",
          "t2"."NumArticles" AS "NumArticles",
          "t2"."DATEADDED" AS "DATEADDED",
          "t2"."SOURCEURL" AS "SOURCEURL",
          CASE
            WHEN "t2"."Actor1Type1Code" = 'IGO'
            THEN CASE
              WHEN "t2"."Actor1KnownGroupCode" IN ('ACC')
              THEN 'IGO:ACC'
              WHEN "t2"."Actor1KnownGroupCode" IN ('CPC')
              THEN 'IGO:ACPC'
              WHEN "t2"."Actor1KnownGroupCode" IN ('ADB')
              THEN 'IGO:ADB'
              WHEN "t2"."Actor1KnownGroupCode" IN ('AFB')
              THEN 'IGO:AFDB'
              WHEN "t2"."Actor1KnownGroupCode" IN ('AMF')
              THEN 'IGO:AMF'
              WHEN "t2"."Actor1KnownGroupCode" IN ('AMU')
              THEN 'IGO:AMU'
              WHEN "t2"."Actor1KnownGroupCode" IN ('ASN')
              THEN 'IGO:ASEAN'
              WHEN "t2"."Actor1KnownGroupCode" IN ('AFU', 'NEP', 'OAU', 'PAP')
              THEN 'IGO:AU'
              WHEN "t2"."Actor1KnownGroupCode" IN ('ABD')
              THEN 'IGO:BADEA'
              WHEN "t2"."Actor1KnownGroupCode" IN ('BCA')
              THEN 'IGO:BEAC'
              WHEN "t2"."Actor1KnownGroupCode" IN ('BIS')
              THEN 'IGO:BIS'
              WHEN "t2"."Actor1KnownGroupCode" IN ('WAD')
              THEN 'IGO:BOAD'
              WHEN "t2"."Actor1KnownGroupCode" IN ('AEU')
              THEN 'IGO:CAEU'
              WHEN "t2"."Actor1KnownGroupCode" IN ('CEM')
              THEN 'IGO:CEMAC'
              WHEN "t2"."Actor1KnownGroupCode" IN ('CSS')
              THEN 'IGO:CENSAD'
              WHEN "t2"."Actor1KnownGroupCode" IN ('CIS')
              THEN 'IGO:CIS'
              WHEN "t2"."Actor1KnownGroupCode" IN ('COE')
              THEN 'IGO:COE'
              WHEN "t2"."Actor1KnownGroupCode" IN ('CWN')
              THEN 'IGO:COMMONWEALTH'
              WHEN "t2"."Actor1KnownGroupCode" IN ('CPA')
              THEN 'IGO:COPAL'
              WHEN "t2"."Actor1KnownGroupCode" IN ('EBR')
              THEN 'IGO:EBRD'
              WHEN "t2"."Actor1KnownGroupCode" IN ('ECA')
              THEN 'IGO:ECCAS'
              WHEN "t2"."Actor1KnownGroupCode" IN ('WAS')
              THEN 'IGO:ECOWAS'
              WHEN "t2"."Actor1KnownGroupCode" IN ('EFT')
              THEN 'IGO:EFTA'
              WHEN "t2"."Actor1KnownGroupCode" IN ('EEC')
              THEN 'IGO:EU'
              WHEN "t2"."Actor1KnownGroupCode" IN ('UNOFAO')
              THEN 'IGO:FAO'
              WHEN "t2"."Actor1KnownGroupCode" IN ('GOS')
              THEN 'IGO:G7'
              WHEN "t2"."Actor1KnownGroupCode" IN ('GSS')
              THEN 'IGO:G77'
              WHEN "t2"."Actor1KnownGroupCode" IN ('GOE')
              THEN 'IGO:G8'
              WHEN "t2"."Actor1KnownGroupCode" IN ('GCC')
              THEN 'IGO:GCC'
              WHEN "t2"."Actor1KnownGroupCode" IN ('IAC')
              THEN 'IGO:IACO'
              WHEN "t2"."Actor1KnownGroupCode" IN ('UNOIAE')
              THEN 'IGO:IAEA'
              WHEN "t2"."Actor1KnownGroupCode" IN ('ICC')
              THEN 'IGO:ICC'
              WHEN "t2"."Actor1KnownGroupCode" IN ('ICO')
              THEN 'IGO:ICCO'
              WHEN "t2"."Actor1KnownGroupCode" IN ('UNOICJ')
              THEN 'IGO:ICJ'
              WHEN "t2"."Actor1KnownGroupCode" IN ('IAD')
              THEN 'IGO:IGAD'
              WHEN "t2"."Actor1KnownGroupCode" IN ('IGC')
              THEN 'IGO:IGC'
              WHEN "t2"."Actor1KnownGroupCode" IN ('UNOILO')
              THEN 'IGO:ILO'
              WHEN "t2"."Actor1KnownGroupCode" IN ('IMF')
              THEN 'IGO:IMF'
              WHEN "t2"."Actor1KnownGroupCode" IN ('ITP')
              THEN 'IGO:INTERPOL'
              WHEN "t2"."Actor1KnownGroupCode" IN ('IOM')
              THEN 'IGO:IOM'
              WHEN "t2"."Actor1KnownGroupCode" IN ('IDB')
              THEN 'IGO:ISDB'
              WHEN "t2"."Actor1KnownGroupCode" IN ('ARL')
              THEN 'IGO:LAS'
              WHEN "t2"."Actor1KnownGroupCode" IN ('NON')
              THEN 'IGO:NAM'
              WHEN "t2"."Actor1KnownGroupCode" IN ('NAT')
              THEN 'IGO:NATO'
              WHEN "t2"."Actor1KnownGroupCode" IN ('APE')
              THEN 'IGO:OAPEC'
              WHEN "t2"."Actor1KnownGroupCode" IN ('OAS')
              THEN 'IGO:OAS'
              WHEN "t2"."Actor1KnownGroupCode" IN ('UNOHCH')
              THEN 'IGO:OHCHR'
              WHEN "t2"."Actor1KnownGroupCode" IN ('OIC')
              THEN 'IGO:OIC'
              WHEN "t2"."Actor1KnownGroupCode" IN ('OPC')
              THEN 'IGO:OPEC'
              WHEN "t2"."Actor1KnownGroupCode" IN ('SCE')
              THEN 'IGO:OSCE'
              WHEN "t2"."Actor1KnownGroupCode" IN ('PRC')
              THEN 'IGO:PARISCLUB'
              WHEN "t2"."Actor1KnownGroupCode" IN ('SAA')
              THEN 'IGO:SAARC'
              WHEN "t2"."Actor1KnownGroupCode" IN ('SAD')
              THEN 'IGO:SADC'
              WHEN "t2"."Actor1KnownGroupCode" IN ('SOT')
              THEN 'IGO:SEATO'
              WHEN "t2"."Actor1KnownGroupCode" IN ('ATD')
              THEN 'IGO:TDB'
              WHEN "t2"."Actor1KnownGroupCode" IN ('UEM', 'WAM')
              THEN 'IGO:UEMOA'
              WHEN "t2"."Actor1KnownGroupCode" IN ('UNO')
              THEN 'IGO:UN'
              WHEN "t2"."Actor1KnownGroupCode" IN ('UNOHCR')
              THEN 'IGO:UNHCR'
              WHEN "t2"."Actor1KnownGroupCode" IN ('UNOKID')
              THEN 'IGO:UNICEF'
              WHEN "t2"."Actor1KnownGroupCode" IN ('UNOWBK')
              THEN 'IGO:WB'
              WHEN "t2"."Actor1KnownGroupCode" IN ('UNOWFP')
              THEN 'IGO:WFP'
              WHEN "t2"."Actor1KnownGroupCode" IN ('UNOWHO')
              THEN 'IGO:WHO'
              WHEN "t2"."Actor1KnownGroupCode" IN ('WTO')
              THEN 'IGO:WTO'
              ELSE NULL
            END
            ELSE CASE
              WHEN "t2"."Actor1CountryCode" IN ('AFG', 'AGO', 'ALB', 'AND', 'ARE', 'ARG', 'ARM', 'ATG', 'AUS', 'AUT', 'AZE', 'BDI', 'BEL', 'BEN', 'BFA', 'BGD', 'BGR', 'BHR', 'BHS', 'BIH', 'BLR', 'BLZ', 'BOL', 'BRA', 'BRB', 'BRN', 'BTN', 'BWA', 'CAF', 'CAN', 'CHE', 'CHL', 'CHN', 'CIV', 'CMR', 'COD', 'COG', 'COK', 'COL', 'COM', 'CPV', 'CRI', 'CUB', 'CYP', 'CZE', 'DEU', 'DJI', 'DMA', 'DNK', 'DOM', 'DZA', 'ECU', 'EGY', 'ERI', 'ESH', 'ESP', 'EST', 'ETH', 'FIN', 'FJI', 'FRA', 'FSM', 'GAB', 'GBR', 'GEO', 'GHA', 'GIN', 'GMB', 'GNB', 'GNQ', 'GRC', 'GRD', 'GTM', 'GUY', 'HND', 'HRV', 'HTI', 'HUN', 'IDN', 'IND', 'IRL', 'IRN', 'IRQ', 'ISL', 'ISR', 'ITA', 'JAM', 'JOR', 'JPN', 'KAZ', 'KEN', 'KGZ', 'KHM', 'KIR', 'KNA', 'KOR', 'KWT', 'LAO', 'LBN', 'LBR', 'LBY', 'LCA', 'LIE', 'LKA', 'LSO', 'LTU', 'LUX', 'LVA', 'MAR', 'MCO', 'MDA', 'MDG', 'MDV', 'MEX', 'MHL', 'MKD', 'MLI', 'MLT', 'MMR', 'MNE', 'MNG', 'MOZ', 'MRT', 'MUS', 'MWI', 'MYS', 'NAM', 'NER', 'NGA', 'NIC', 'NIU', 'NLD', 'NOR', 'NPL', 'NRU', 'NZL', 'OMN', 'PAK', 'PAN', 'PER', 'PHL', 'PLW', 'PNG', 'POL', 'PRK', 'PRT', 'PRY', 'PSE', 'QAT', 'ROU', 'RUS', 'RWA', 'SAU', 'SDN', 'SEN', 'SGP', 'SLB', 'SLE', 'SLV', 'SMR', 'SOM', 'SRB', 'SSD', 'STP', 'SUR', 'SVK', 'SVN', 'SWE', 'SWZ', 'SYC', 'SYR', 'TCD', 'TGO', 'THA', 'TJK', 'TKM', 'TON', 'TTO', 'TUN', 'TUR', 'TUV', 'TWN', 'TZA', 'UGA', 'UKR', 'URY', 'USA', 'UZB', 'VAT', 'VCT', 'VEN', 'VNM', 'VUT', 'WSM', 'YEM', 'ZAF', 'ZMB', 'ZWE')
              THEN "t2"."Actor1CountryCode"
              WHEN "t2"."Actor1CountryCode" IN ('MTN')
              THEN 'MNE'
              WHEN "t2"."Actor1CountryCode" IN ('ROM')
              THEN 'ROU'
              WHEN "t2"."Actor1CountryCode" IN ('TMP')
              THEN 'TLS'
              ELSE NULL
            END
          END AS "sender",
          CASE
            WHEN CASE
              WHEN "t2"."Actor1CountryCode" <> ''
              THEN FALSE
              WHEN "t2"."Actor1KnownGroupCode" <> ''
              THEN FALSE
              WHEN "t2"."Actor1EthnicCode" <> ''
              THEN FALSE
              WHEN "t2"."Actor1Religion1Code" <> ''
              THEN FALSE
              WHEN "t2"."Actor1Religion2Code" <> ''
              THEN FALSE
              WHEN "t2"."Actor1Type1Code" <> ''
              THEN FALSE
              ELSE TRUE
            END
            THEN 'no_actor'
            WHEN "t2"."Actor1Type1Code" = 'IGO'
            THEN CASE
              WHEN "t2"."Actor1KnownGroupCode" = ''
              THEN 'unnamed_organisation'
              WHEN "t2"."Actor1KnownGroupCode" IN ('ABD', 'ACC', 'ADB', 'AEU', 'AFB', 'AFU', 'AMF', 'AMU', 'APE', 'ARL', 'ASN', 'ATD', 'BCA', 'BIS', 'CEM', 'CIS', 'COE', 'CPA', 'CPC', 'CSS', 'CWN', 'EBR', 'ECA', 'EEC', 'EFT', 'GCC', 'GOE', 'GOS', 'GSS', 'IAC', 'IAD', 'ICC', 'ICO', 'IDB', 'IGC', 'IMF', 'IOM', 'ITP', 'NAT', 'NEP', 'NON', 'OAS', 'OAU', 'OIC', 'OPC', 'PAP', 'PRC', 'SAA', 'SAD', 'SCE', 'SOT', 'UEM', 'UNO', 'UNOFAO', 'UNOHCH', 'UNOHCR', 'UNOIAE', 'UNOICJ', 'UNOILO', 'UNOKID', 'UNOWBK', 'UNOWFP', 'UNOWHO', 'WAD', 'WAM', 'WAS', 'WTO')
              THEN ''
              ELSE 'unknown_organisation'
            END
            WHEN NOT (
              "t2"."Actor1Type1Code" IN ('', 'GOV', 'MIL')
            )
            THEN CASE
              WHEN SUBSTRING(
                "t2"."Actor1Type1Code",
                CASE
                  WHEN (
                    0 + 1
                  ) >= 1
                  THEN 0 + 1
                  ELSE 0 + 1 + LENGTH("t2"."Actor1Type1Code")
                END,
                3
              ) IN ('IMG', 'INS', 'PRM', 'RAD', 'REB', 'SEP', 'UAF')
              THEN 'armed_group'
              WHEN SUBSTRING(
                "t2"."Actor1Type1Code",
                CASE
                  WHEN (
                    0 + 1
                  ) >= 1
                  THEN 0 + 1
                  ELSE 0 + 1 + LENGTH("t2"."Actor1Type1Code")
                END,
                3
              ) IN ('BUS', 'MNC')
              THEN 'business'
              WHEN SUBSTRING(
                "t2"."Actor1Type1Code",
                CASE
                  WHEN (
                    0 + 1
                  ) >= 1
                  THEN 0 + 1
                  ELSE 0 + 1 + LENGTH("t2"."Actor1Type1Code")
                END,
                3
              ) IN ('JRN', 'MED')
              THEN 'media'
              WHEN SUBSTRING(
                "t2"."Actor1Type1Code",
                CASE
                  WHEN (
                    0 + 1
                  ) >= 1
                  THEN 0 + 1
                  ELSE 0 + 1 + LENGTH("t2"."Actor1Type1Code")
                END,
                3
              ) IN ('INT', 'NGM', 'NGO')
              THEN 'non_governmental'
              WHEN SUBSTRING(
                "t2"."Actor1Type1Code",
                CASE
                  WHEN (
                    0 + 1
                  ) >= 1
                  THEN 0 + 1
                  ELSE 0 + 1 + LENGTH("t2"."Actor1Type1Code")
                END,
                3
              ) IN ('PTY')
              THEN 'party'
              ELSE 'person_or_role'
            END
            WHEN "t2"."Actor1KnownGroupCode" <> ''
            THEN 'known_group'
            WHEN "t2"."Actor1EthnicCode" <> ''
            THEN 'ethnic_group'
            WHEN (
              "t2"."Actor1Religion1Code" <> ''
            ) OR (
              "t2"."Actor1Religion2Code" <> ''
            )
            THEN 'religious_group'
            ELSE CASE
              WHEN "t2"."Actor1CountryCode" = ''
              THEN 'no_country'
              WHEN "t2"."Actor1CountryCode" IN ('AFG', 'AGO', 'ALB', 'AND', 'ARE', 'ARG', 'ARM', 'ATG', 'AUS', 'AUT', 'AZE', 'BDI', 'BEL', 'BEN', 'BFA', 'BGD', 'BGR', 'BHR', 'BHS', 'BIH', 'BLR', 'BLZ', 'BOL', 'BRA', 'BRB', 'BRN', 'BTN', 'BWA', 'CAF', 'CAN', 'CHE', 'CHL', 'CHN', 'CIV', 'CMR', 'COD', 'COG', 'COK', 'COL', 'COM', 'CPV', 'CRI', 'CUB', 'CYP', 'CZE', 'DEU', 'DJI', 'DMA', 'DNK', 'DOM', 'DZA', 'ECU', 'EGY', 'ERI', 'ESH', 'ESP', 'EST', 'ETH', 'FIN', 'FJI', 'FRA', 'FSM', 'GAB', 'GBR', 'GEO', 'GHA', 'GIN', 'GMB', 'GNB', 'GNQ', 'GRC', 'GRD', 'GTM', 'GUY', 'HND', 'HRV', 'HTI', 'HUN', 'IDN', 'IND', 'IRL', 'IRN', 'IRQ', 'ISL', 'ISR', 'ITA', 'JAM', 'JOR', 'JPN', 'KAZ', 'KEN', 'KGZ', 'KHM', 'KIR', 'KNA', 'KOR', 'KWT', 'LAO', 'LBN', 'LBR', 'LBY', 'LCA', 'LIE', 'LKA', 'LSO', 'LTU', 'LUX', 'LVA', 'MAR', 'MCO', 'MDA', 'MDG', 'MDV', 'MEX', 'MHL', 'MKD', 'MLI', 'MLT', 'MMR', 'MNE', 'MNG', 'MOZ', 'MRT', 'MTN', 'MUS', 'MWI', 'MYS', 'NAM', 'NER', 'NGA', 'NIC', 'NIU', 'NLD', 'NOR', 'NPL', 'NRU', 'NZL', 'OMN', 'PAK', 'PAN', 'PER', 'PHL', 'PLW', 'PNG', 'POL', 'PRK', 'PRT', 'PRY', 'PSE', 'QAT', 'ROM', 'ROU', 'RUS', 'RWA', 'SAU', 'SDN', 'SEN', 'SGP', 'SLB', 'SLE', 'SLV', 'SMR', 'SOM', 'SRB', 'SSD', 'STP', 'SUR', 'SVK', 'SVN', 'SWE', 'SWZ', 'SYC', 'SYR', 'TCD', 'TGO', 'THA', 'TJK', 'TKM', 'TMP', 'TON', 'TTO', 'TUN', 'TUR', 'TUV', 'TWN', 'TZA', 'UGA', 'UKR', 'URY', 'USA', 'UZB', 'VAT', 'VCT', 'VEN', 'VNM', 'VUT', 'WSM', 'YEM', 'ZAF', 'ZMB', 'ZWE')
              THEN ''
              WHEN "t2"."Actor1CountryCode" IN ('AFR', 'ASA', 'BLK', 'CAS', 'CAU', 'CEU', 'CFR', 'CRB', 'EAF', 'EEU', 'EIN', 'EUR', 'LAM', 'MDT', 'MEA', 'NAF', 'NMR', 'PGS', 'SAF', 'SAM', 'SAS', 'SCN', 'SEA', 'WAF', 'WST')
              THEN 'region'
              WHEN "t2"."Actor1CountryCode" IN ('ABW', 'AIA', 'ALA', 'ANT', 'ASM', 'BMU', 'CYM', 'FLK', 'FRO', 'GIB', 'GLP', 'GRL', 'GUF', 'GUM', 'HKG', 'IMY', 'MAC', 'MNP', 'MSR', 'MTQ', 'MYT', 'NCL', 'NFK', 'PCN', 'PRI', 'PYF', 'REU', 'SHN', 'SJM', 'SPM', 'TCA', 'TKL', 'VGB', 'VIR', 'WLF')
              THEN 'territory'
              ELSE 'unknown_code'
            END
          END AS "sender_reason",
          CASE
            WHEN "t2"."Actor2Type1Code" = 'IGO'
            THEN CASE
              WHEN "t2"."Actor2KnownGroupCode" IN ('ACC')
              THEN 'IGO:ACC'
              WHEN "t2"."Actor2KnownGroupCode" IN ('CPC')
              THEN 'IGO:ACPC'
              WHEN "t2"."Actor2KnownGroupCode" IN ('ADB')
              THEN 'IGO:ADB'
              WHEN "t2"."Actor2KnownGroupCode" IN ('AFB')
              THEN 'IGO:AFDB'
              WHEN "t2"."Actor2KnownGroupCode" IN ('AMF')
              THEN 'IGO:AMF'
              WHEN "t2"."Actor2KnownGroupCode" IN ('AMU')
              THEN 'IGO:AMU'
              WHEN "t2"."Actor2KnownGroupCode" IN ('ASN')
              THEN 'IGO:ASEAN'
              WHEN "t2"."Actor2KnownGroupCode" IN ('AFU', 'NEP', 'OAU', 'PAP')
              THEN 'IGO:AU'
              WHEN "t2"."Actor2KnownGroupCode" IN ('ABD')
              THEN 'IGO:BADEA'
              WHEN "t2"."Actor2KnownGroupCode" IN ('BCA')
              THEN 'IGO:BEAC'
              WHEN "t2"."Actor2KnownGroupCode" IN ('BIS')
              THEN 'IGO:BIS'
              WHEN "t2"."Actor2KnownGroupCode" IN ('WAD')
              THEN 'IGO:BOAD'
              WHEN "t2"."Actor2KnownGroupCode" IN ('AEU')
              THEN 'IGO:CAEU'
              WHEN "t2"."Actor2KnownGroupCode" IN ('CEM')
              THEN 'IGO:CEMAC'
              WHEN "t2"."Actor2KnownGroupCode" IN ('CSS')
              THEN 'IGO:CENSAD'
              WHEN "t2"."Actor2KnownGroupCode" IN ('CIS')
              THEN 'IGO:CIS'
              WHEN "t2"."Actor2KnownGroupCode" IN ('COE')
              THEN 'IGO:COE'
              WHEN "t2"."Actor2KnownGroupCode" IN ('CWN')
              THEN 'IGO:COMMONWEALTH'
              WHEN "t2"."Actor2KnownGroupCode" IN ('CPA')
              THEN 'IGO:COPAL'
              WHEN "t2"."Actor2KnownGroupCode" IN ('EBR')
              THEN 'IGO:EBRD'
              WHEN "t2"."Actor2KnownGroupCode" IN ('ECA')
              THEN 'IGO:ECCAS'
              WHEN "t2"."Actor2KnownGroupCode" IN ('WAS')
              THEN 'IGO:ECOWAS'
              WHEN "t2"."Actor2KnownGroupCode" IN ('EFT')
              THEN 'IGO:EFTA'
              WHEN "t2"."Actor2KnownGroupCode" IN ('EEC')
              THEN 'IGO:EU'
              WHEN "t2"."Actor2KnownGroupCode" IN ('UNOFAO')
              THEN 'IGO:FAO'
              WHEN "t2"."Actor2KnownGroupCode" IN ('GOS')
              THEN 'IGO:G7'
              WHEN "t2"."Actor2KnownGroupCode" IN ('GSS')
              THEN 'IGO:G77'
              WHEN "t2"."Actor2KnownGroupCode" IN ('GOE')
              THEN 'IGO:G8'
              WHEN "t2"."Actor2KnownGroupCode" IN ('GCC')
              THEN 'IGO:GCC'
              WHEN "t2"."Actor2KnownGroupCode" IN ('IAC')
              THEN 'IGO:IACO'
              WHEN "t2"."Actor2KnownGroupCode" IN ('UNOIAE')
              THEN 'IGO:IAEA'
              WHEN "t2"."Actor2KnownGroupCode" IN ('ICC')
              THEN 'IGO:ICC'
              WHEN "t2"."Actor2KnownGroupCode" IN ('ICO')
              THEN 'IGO:ICCO'
              WHEN "t2"."Actor2KnownGroupCode" IN ('UNOICJ')
              THEN 'IGO:ICJ'
              WHEN "t2"."Actor2KnownGroupCode" IN ('IAD')
              THEN 'IGO:IGAD'
              WHEN "t2"."Actor2KnownGroupCode" IN ('IGC')
              THEN 'IGO:IGC'
              WHEN "t2"."Actor2KnownGroupCode" IN ('UNOILO')
              THEN 'IGO:ILO'
              WHEN "t2"."Actor2KnownGroupCode" IN ('IMF')
              THEN 'IGO:IMF'
              WHEN "t2"."Actor2KnownGroupCode" IN ('ITP')
              THEN 'IGO:INTERPOL'
              WHEN "t2"."Actor2KnownGroupCode" IN ('IOM')
              THEN 'IGO:IOM'
              WHEN "t2"."Actor2KnownGroupCode" IN ('IDB')
              THEN 'IGO:ISDB'
              WHEN "t2"."Actor2KnownGroupCode" IN ('ARL')
              THEN 'IGO:LAS'
              WHEN "t2"."Actor2KnownGroupCode" IN ('NON')
              THEN 'IGO:NAM'
              WHEN "t2"."Actor2KnownGroupCode" IN ('NAT')
              THEN 'IGO:NATO'
              WHEN "t2"."Actor2KnownGroupCode" IN ('APE')
              THEN 'IGO:OAPEC'
              WHEN "t2"."Actor2KnownGroupCode" IN ('OAS')
              THEN 'IGO:OAS'
              WHEN "t2"."Actor2KnownGroupCode" IN ('UNOHCH')
              THEN 'IGO:OHCHR'
              WHEN "t2"."Actor2KnownGroupCode" IN ('OIC')
              THEN 'IGO:OIC'
              WHEN "t2"."Actor2KnownGroupCode" IN ('OPC')
              THEN 'IGO:OPEC'
              WHEN "t2"."Actor2KnownGroupCode" IN ('SCE')
              THEN 'IGO:OSCE'
              WHEN "t2"."Actor2KnownGroupCode" IN ('PRC')
              THEN 'IGO:PARISCLUB'
              WHEN "t2"."Actor2KnownGroupCode" IN ('SAA')
              THEN 'IGO:SAARC'
              WHEN "t2"."Actor2KnownGroupCode" IN ('SAD')
              THEN 'IGO:SADC'
              WHEN "t2"."Actor2KnownGroupCode" IN ('SOT')
              THEN 'IGO:SEATO'
              WHEN "t2"."Actor2KnownGroupCode" IN ('ATD')
              THEN 'IGO:TDB'
              WHEN "t2"."Actor2KnownGroupCode" IN ('UEM', 'WAM')
              THEN 'IGO:UEMOA'
              WHEN "t2"."Actor2KnownGroupCode" IN ('UNO')
              THEN 'IGO:UN'
              WHEN "t2"."Actor2KnownGroupCode" IN ('UNOHCR')
              THEN 'IGO:UNHCR'
              WHEN "t2"."Actor2KnownGroupCode" IN ('UNOKID')
              THEN 'IGO:UNICEF'
              WHEN "t2"."Actor2KnownGroupCode" IN ('UNOWBK')
              THEN 'IGO:WB'
              WHEN "t2"."Actor2KnownGroupCode" IN ('UNOWFP')
              THEN 'IGO:WFP'
              WHEN "t2"."Actor2KnownGroupCode" IN ('UNOWHO')
              THEN 'IGO:WHO'
              WHEN "t2"."Actor2KnownGroupCode" IN ('WTO')
              THEN 'IGO:WTO'
              ELSE NULL
            END
            ELSE CASE
              WHEN "t2"."Actor2CountryCode" IN ('AFG', 'AGO', 'ALB', 'AND', 'ARE', 'ARG', 'ARM', 'ATG', 'AUS', 'AUT', 'AZE', 'BDI', 'BEL', 'BEN', 'BFA', 'BGD', 'BGR', 'BHR', 'BHS', 'BIH', 'BLR', 'BLZ', 'BOL', 'BRA', 'BRB', 'BRN', 'BTN', 'BWA', 'CAF', 'CAN', 'CHE', 'CHL', 'CHN', 'CIV', 'CMR', 'COD', 'COG', 'COK', 'COL', 'COM', 'CPV', 'CRI', 'CUB', 'CYP', 'CZE', 'DEU', 'DJI', 'DMA', 'DNK', 'DOM', 'DZA', 'ECU', 'EGY', 'ERI', 'ESH', 'ESP', 'EST', 'ETH', 'FIN', 'FJI', 'FRA', 'FSM', 'GAB', 'GBR', 'GEO', 'GHA', 'GIN', 'GMB', 'GNB', 'GNQ', 'GRC', 'GRD', 'GTM', 'GUY', 'HND', 'HRV', 'HTI', 'HUN', 'IDN', 'IND', 'IRL', 'IRN', 'IRQ', 'ISL', 'ISR', 'ITA', 'JAM', 'JOR', 'JPN', 'KAZ', 'KEN', 'KGZ', 'KHM', 'KIR', 'KNA', 'KOR', 'KWT', 'LAO', 'LBN', 'LBR', 'LBY', 'LCA', 'LIE', 'LKA', 'LSO', 'LTU', 'LUX', 'LVA', 'MAR', 'MCO', 'MDA', 'MDG', 'MDV', 'MEX', 'MHL', 'MKD', 'MLI', 'MLT', 'MMR', 'MNE', 'MNG', 'MOZ', 'MRT', 'MUS', 'MWI', 'MYS', 'NAM', 'NER', 'NGA', 'NIC', 'NIU', 'NLD', 'NOR', 'NPL', 'NRU', 'NZL', 'OMN', 'PAK', 'PAN', 'PER', 'PHL', 'PLW', 'PNG', 'POL', 'PRK', 'PRT', 'PRY', 'PSE', 'QAT', 'ROU', 'RUS', 'RWA', 'SAU', 'SDN', 'SEN', 'SGP', 'SLB', 'SLE', 'SLV', 'SMR', 'SOM', 'SRB', 'SSD', 'STP', 'SUR', 'SVK', 'SVN', 'SWE', 'SWZ', 'SYC', 'SYR', 'TCD', 'TGO', 'THA', 'TJK', 'TKM', 'TON', 'TTO', 'TUN', 'TUR', 'TUV', 'TWN', 'TZA', 'UGA', 'UKR', 'URY', 'USA', 'UZB', 'VAT', 'VCT', 'VEN', 'VNM', 'VUT', 'WSM', 'YEM', 'ZAF', 'ZMB', 'ZWE')
              THEN "t2"."Actor2CountryCode"
              WHEN "t2"."Actor2CountryCode" IN ('MTN')
              THEN 'MNE'
              WHEN "t2"."Actor2CountryCode" IN ('ROM')
              THEN 'ROU'
              WHEN "t2"."Actor2CountryCode" IN ('TMP')
              THEN 'TLS'
              ELSE NULL
            END
          END AS "receiver",
          CASE
            WHEN CASE
              WHEN "t2"."Actor2CountryCode" <> ''
              THEN FALSE
              WHEN "t2"."Actor2KnownGroupCode" <> ''
              THEN FALSE
              WHEN "t2"."Actor2EthnicCode" <> ''
              THEN FALSE
              WHEN "t2"."Actor2Religion1Code" <> ''
              THEN FALSE
              WHEN "t2"."Actor2Religion2Code" <> ''
              THEN FALSE
              WHEN "t2"."Actor2Type1Code" <> ''
              THEN FALSE
              ELSE TRUE
            END
            THEN 'no_actor'
            WHEN "t2"."Actor2Type1Code" = 'IGO'
            THEN CASE
              WHEN "t2"."Actor2KnownGroupCode" = ''
              THEN 'unnamed_organisation'
              WHEN "t2"."Actor2KnownGroupCode" IN ('ABD', 'ACC', 'ADB', 'AEU', 'AFB', 'AFU', 'AMF', 'AMU', 'APE', 'ARL', 'ASN', 'ATD', 'BCA', 'BIS', 'CEM', 'CIS', 'COE', 'CPA', 'CPC', 'CSS', 'CWN', 'EBR', 'ECA', 'EEC', 'EFT', 'GCC', 'GOE', 'GOS', 'GSS', 'IAC', 'IAD', 'ICC', 'ICO', 'IDB', 'IGC', 'IMF', 'IOM', 'ITP', 'NAT', 'NEP', 'NON', 'OAS', 'OAU', 'OIC', 'OPC', 'PAP', 'PRC', 'SAA', 'SAD', 'SCE', 'SOT', 'UEM', 'UNO', 'UNOFAO', 'UNOHCH', 'UNOHCR', 'UNOIAE', 'UNOICJ', 'UNOILO', 'UNOKID', 'UNOWBK', 'UNOWFP', 'UNOWHO', 'WAD', 'WAM', 'WAS', 'WTO')
              THEN ''
              ELSE 'unknown_organisation'
            END
            WHEN NOT (
              "t2"."Actor2Type1Code" IN ('', 'GOV', 'MIL')
            )
            THEN CASE
              WHEN SUBSTRING(
                "t2"."Actor2Type1Code",
                CASE
                  WHEN (
                    0 + 1
                  ) >= 1
                  THEN 0 + 1
                  ELSE 0 + 1 + LENGTH("t2"."Actor2Type1Code")
                END,
                3
              ) IN ('IMG', 'INS', 'PRM', 'RAD', 'REB', 'SEP', 'UAF')
              THEN 'armed_group'
              WHEN SUBSTRING(
                "t2"."Actor2Type1Code",
                CASE
                  WHEN (
                    0 + 1
                  ) >= 1
                  THEN 0 + 1
                  ELSE 0 + 1 + LENGTH("t2"."Actor2Type1Code")
                END,
                3
              ) IN ('BUS', 'MNC')
              THEN 'business'
              WHEN SUBSTRING(
                "t2"."Actor2Type1Code",
                CASE
                  WHEN (
                    0 + 1
                  ) >= 1
                  THEN 0 + 1
                  ELSE 0 + 1 + LENGTH("t2"."Actor2Type1Code")
                END,
                3
              ) IN ('JRN', 'MED')
              THEN 'media'
              WHEN SUBSTRING(
                "t2"."Actor2Type1Code",
                CASE
                  WHEN (
                    0 + 1
                  ) >= 1
                  THEN 0 + 1
                  ELSE 0 + 1 + LENGTH("t2"."Actor2Type1Code")
                END,
                3
              ) IN ('INT', 'NGM', 'NGO')
              THEN 'non_governmental'
              WHEN SUBSTRING(
                "t2"."Actor2Type1Code",
                CASE
                  WHEN (
                    0 + 1
                  ) >= 1
                  THEN 0 + 1
                  ELSE 0 + 1 + LENGTH("t2"."Actor2Type1Code")
                END,
                3
              ) IN ('PTY')
              THEN 'party'
              ELSE 'person_or_role'
            END
            WHEN "t2"."Actor2KnownGroupCode" <> ''
            THEN 'known_group'
            WHEN "t2"."Actor2EthnicCode" <> ''
            THEN 'ethnic_group'
            WHEN (
              "t2"."Actor2Religion1Code" <> ''
            ) OR (
              "t2"."Actor2Religion2Code" <> ''
            )
            THEN 'religious_group'
            ELSE CASE
              WHEN "t2"."Actor2CountryCode" = ''
              THEN 'no_country'
              WHEN "t2"."Actor2CountryCode" IN ('AFG', 'AGO', 'ALB', 'AND', 'ARE', 'ARG', 'ARM', 'ATG', 'AUS', 'AUT', 'AZE', 'BDI', 'BEL', 'BEN', 'BFA', 'BGD', 'BGR', 'BHR', 'BHS', 'BIH', 'BLR', 'BLZ', 'BOL', 'BRA', 'BRB', 'BRN', 'BTN', 'BWA', 'CAF', 'CAN', 'CHE', 'CHL', 'CHN', 'CIV', 'CMR', 'COD', 'COG', 'COK', 'COL', 'COM', 'CPV', 'CRI', 'CUB', 'CYP', 'CZE', 'DEU', 'DJI', 'DMA', 'DNK', 'DOM', 'DZA', 'ECU', 'EGY', 'ERI', 'ESH', 'ESP', 'EST', 'ETH', 'FIN', 'FJI', 'FRA', 'FSM', 'GAB', 'GBR', 'GEO', 'GHA', 'GIN', 'GMB', 'GNB', 'GNQ', 'GRC', 'GRD', 'GTM', 'GUY', 'HND', 'HRV', 'HTI', 'HUN', 'IDN', 'IND', 'IRL', 'IRN', 'IRQ', 'ISL', 'ISR', 'ITA', 'JAM', 'JOR', 'JPN', 'KAZ', 'KEN', 'KGZ', 'KHM', 'KIR', 'KNA', 'KOR', 'KWT', 'LAO', 'LBN', 'LBR', 'LBY', 'LCA', 'LIE', 'LKA', 'LSO', 'LTU', 'LUX', 'LVA', 'MAR', 'MCO', 'MDA', 'MDG', 'MDV', 'MEX', 'MHL', 'MKD', 'MLI', 'MLT', 'MMR', 'MNE', 'MNG', 'MOZ', 'MRT', 'MTN', 'MUS', 'MWI', 'MYS', 'NAM', 'NER', 'NGA', 'NIC', 'NIU', 'NLD', 'NOR', 'NPL', 'NRU', 'NZL', 'OMN', 'PAK', 'PAN', 'PER', 'PHL', 'PLW', 'PNG', 'POL', 'PRK', 'PRT', 'PRY', 'PSE', 'QAT', 'ROM', 'ROU', 'RUS', 'RWA', 'SAU', 'SDN', 'SEN', 'SGP', 'SLB', 'SLE', 'SLV', 'SMR', 'SOM', 'SRB', 'SSD', 'STP', 'SUR', 'SVK', 'SVN', 'SWE', 'SWZ', 'SYC', 'SYR', 'TCD', 'TGO', 'THA', 'TJK', 'TKM', 'TMP', 'TON', 'TTO', 'TUN', 'TUR', 'TUV', 'TWN', 'TZA', 'UGA', 'UKR', 'URY', 'USA', 'UZB', 'VAT', 'VCT', 'VEN', 'VNM', 'VUT', 'WSM', 'YEM', 'ZAF', 'ZMB', 'ZWE')
              THEN ''
              WHEN "t2"."Actor2CountryCode" IN ('AFR', 'ASA', 'BLK', 'CAS', 'CAU', 'CEU', 'CFR', 'CRB', 'EAF', 'EEU', 'EIN', 'EUR', 'LAM', 'MDT', 'MEA', 'NAF', 'NMR', 'PGS', 'SAF', 'SAM', 'SAS', 'SCN', 'SEA', 'WAF', 'WST')
              THEN 'region'
              WHEN "t2"."Actor2CountryCode" IN ('ABW', 'AIA', 'ALA', 'ANT', 'ASM', 'BMU', 'CYM', 'FLK', 'FRO', 'GIB', 'GLP', 'GRL', 'GUF', 'GUM', 'HKG', 'IMY', 'MAC', 'MNP', 'MSR', 'MTQ', 'MYT', 'NCL', 'NFK', 'PCN', 'PRI', 'PYF', 'REU', 'SHN', 'SJM', 'SPM', 'TCA', 'TKL', 'VGB', 'VIR', 'WLF')
              THEN 'territory'
              ELSE 'unknown_code'
            END
          END AS "receiver_reason"
        FROM (
          SELECT
            COALESCE("t0"."Actor1CountryCode", '') AS "Actor1CountryCode",
            COALESCE("t0"."Actor1KnownGroupCode", '') AS "Actor1KnownGroupCode",
            COALESCE("t0"."Actor1EthnicCode", '') AS "Actor1EthnicCode",
            COALESCE("t0"."Actor1Religion1Code", '') AS "Actor1Religion1Code",
            COALESCE("t0"."Actor1Religion2Code", '') AS "Actor1Religion2Code",
            COALESCE("t0"."Actor1Type1Code", '') AS "Actor1Type1Code",
            COALESCE("t0"."Actor2CountryCode", '') AS "Actor2CountryCode",
            COALESCE("t0"."Actor2KnownGroupCode", '') AS "Actor2KnownGroupCode",
            COALESCE("t0"."Actor2EthnicCode", '') AS "Actor2EthnicCode",
            COALESCE("t0"."Actor2Religion1Code", '') AS "Actor2Religion1Code",
            COALESCE("t0"."Actor2Religion2Code", '') AS "Actor2Religion2Code",
            COALESCE("t0"."Actor2Type1Code", '') AS "Actor2Type1Code",
            COALESCE("t0"."GLOBALEVENTID", '') AS "GLOBALEVENTID",
            COALESCE("t0"."SQLDATE", '') AS "SQLDATE",
            COALESCE("t0"."EventCode", '') AS "EventCode",
            COALESCE("t0"."NumMentions", '') AS "NumMentions",
            COALESCE("t0"."NumSources", '') AS "NumSources",
            COALESCE("t0"."NumArticles", '') AS "NumArticles",
            COALESCE("t0"."DATEADDED", '') AS "DATEADDED",
            COALESCE("t0"."SOURCEURL", '') AS "SOURCEURL"
          FROM "gdelt_raw" AS "t0"
        ) AS "t2"
      ) AS "t3"
    ) AS "t7"
    INNER JOIN (
      SELECT
        "t8"."SQLDATE" AS "SQLDATE",
        "t8"."DATEADDED" AS "DATEADDED",
        CASE
          WHEN "t8"."_real"
          THEN CONCAT(
            SUBSTRING(
              "t8"."_d",
              CASE WHEN (
                0 + 1
              ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t8"."_d") END,
              4
            ),
            '-',
            SUBSTRING(
              "t8"."_d",
              CASE WHEN (
                4 + 1
              ) >= 1 THEN 4 + 1 ELSE 4 + 1 + LENGTH("t8"."_d") END,
              2
            ),
            '-',
            SUBSTRING(
              "t8"."_d",
              CASE WHEN (
                6 + 1
              ) >= 1 THEN 6 + 1 ELSE 6 + 1 + LENGTH("t8"."_d") END,
              2
            )
          )
          ELSE NULL
        END AS "day",
        CASE
          WHEN "t8"."_real" AND (
            "t8"."DATEADDED" <> ''
          ) AND "t8"."_added"
          THEN CONCAT(
            SUBSTRING(
              "t8"."_t",
              CASE WHEN (
                0 + 1
              ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t8"."_t") END,
              4
            ),
            '-',
            SUBSTRING(
              "t8"."_t",
              CASE WHEN (
                4 + 1
              ) >= 1 THEN 4 + 1 ELSE 4 + 1 + LENGTH("t8"."_t") END,
              2
            ),
            '-',
            SUBSTRING(
              "t8"."_t",
              CASE WHEN (
                6 + 1
              ) >= 1 THEN 6 + 1 ELSE 6 + 1 + LENGTH("t8"."_t") END,
              2
            ),
            ' ',
            SUBSTRING(
              "t8"."_t",
              CASE WHEN (
                8 + 1
              ) >= 1 THEN 8 + 1 ELSE 8 + 1 + LENGTH("t8"."_t") END,
              2
            ),
            ':',
            SUBSTRING(
              "t8"."_t",
              CASE WHEN (
                10 + 1
              ) >= 1 THEN 10 + 1 ELSE 10 + 1 + LENGTH("t8"."_t") END,
              2
            ),
            ':',
            SUBSTRING(
              "t8"."_t",
              CASE WHEN (
                12 + 1
              ) >= 1 THEN 12 + 1 ELSE 12 + 1 + LENGTH("t8"."_t") END,
              2
            )
          )
          ELSE NULL
        END AS "time",
        CASE
          WHEN NOT (
            "t8"."_real"
          )
          THEN 'bad_date'
          WHEN "t8"."DATEADDED" = ''
          THEN NULL
          WHEN NOT (
            "t8"."_added"
          )
          THEN 'bad_date_added'
          WHEN (
            "t8"."_tn0" - "t8"."_n"
          ) < 0
          THEN 'future_date'
          WHEN (
            "t8"."_y" = CAST(FLOOR(
              (
                (
                  (
                    (
                      "t8"."_ty" * 12
                    ) + "t8"."_tm"
                  ) - 1
                ) - 120
              ) / (
                12
              )
            ) AS Nullable(Int64))
          )
          AND (
            "t8"."_m" = (
              (
                (
                  (
                    (
                      (
                        "t8"."_ty" * 12
                      ) + "t8"."_tm"
                    ) - 1
                  ) - 120
                ) % 12
              ) + 1
            )
          )
          AND (
            "t8"."_o" = CASE
              WHEN "t8"."_to" < CASE
                WHEN (
                  (
                    (
                      (
                        (
                          "t8"."_ty" * 12
                        ) + "t8"."_tm"
                      ) - 1
                    ) - 120
                  ) % 12
                ) + 1 IN (4, 6, 9, 11)
                THEN 30
                WHEN (
                  (
                    (
                      (
                        (
                          (
                            (
                              "t8"."_ty" * 12
                            ) + "t8"."_tm"
                          ) - 1
                        ) - 120
                      ) % 12
                    ) + 1
                  ) = 2
                )
                AND (
                  (
                    (
                      (
                        CAST(FLOOR(
                          (
                            (
                              (
                                (
                                  "t8"."_ty" * 12
                                ) + "t8"."_tm"
                              ) - 1
                            ) - 120
                          ) / (
                            12
                          )
                        ) AS Nullable(Int64)) % 4
                      ) = 0
                    )
                    AND (
                      (
                        CAST(FLOOR(
                          (
                            (
                              (
                                (
                                  "t8"."_ty" * 12
                                ) + "t8"."_tm"
                              ) - 1
                            ) - 120
                          ) / (
                            12
                          )
                        ) AS Nullable(Int64)) % 100
                      ) <> 0
                    )
                  )
                  OR (
                    (
                      CAST(FLOOR(
                        (
                          (
                            (
                              (
                                "t8"."_ty" * 12
                              ) + "t8"."_tm"
                            ) - 1
                          ) - 120
                        ) / (
                          12
                        )
                      ) AS Nullable(Int64)) % 400
                    ) = 0
                  )
                )
                THEN 29
                WHEN (
                  (
                    (
                      (
                        (
                          (
                            "t8"."_ty" * 12
                          ) + "t8"."_tm"
                        ) - 1
                      ) - 120
                    ) % 12
                  ) + 1
                ) = 2
                THEN 28
                ELSE 31
              END
              THEN "t8"."_to"
              ELSE CASE
                WHEN (
                  (
                    (
                      (
                        (
                          "t8"."_ty" * 12
                        ) + "t8"."_tm"
                      ) - 1
                    ) - 120
                  ) % 12
                ) + 1 IN (4, 6, 9, 11)
                THEN 30
                WHEN (
                  (
                    (
                      (
                        (
                          (
                            (
                              "t8"."_ty" * 12
                            ) + "t8"."_tm"
                          ) - 1
                        ) - 120
                      ) % 12
                    ) + 1
                  ) = 2
                )
                AND (
                  (
                    (
                      (
                        CAST(FLOOR(
                          (
                            (
                              (
                                (
                                  "t8"."_ty" * 12
                                ) + "t8"."_tm"
                              ) - 1
                            ) - 120
                          ) / (
                            12
                          )
                        ) AS Nullable(Int64)) % 4
                      ) = 0
                    )
                    AND (
                      (
                        CAST(FLOOR(
                          (
                            (
                              (
                                (
                                  "t8"."_ty" * 12
                                ) + "t8"."_tm"
                              ) - 1
                            ) - 120
                          ) / (
                            12
                          )
                        ) AS Nullable(Int64)) % 100
                      ) <> 0
                    )
                  )
                  OR (
                    (
                      CAST(FLOOR(
                        (
                          (
                            (
                              (
                                "t8"."_ty" * 12
                              ) + "t8"."_tm"
                            ) - 1
                          ) - 120
                        ) / (
                          12
                        )
                      ) AS Nullable(Int64)) % 400
                    ) = 0
                  )
                )
                THEN 29
                WHEN (
                  (
                    (
                      (
                        (
                          (
                            "t8"."_ty" * 12
                          ) + "t8"."_tm"
                        ) - 1
                      ) - 120
                    ) % 12
                  ) + 1
                ) = 2
                THEN 28
                ELSE 31
              END
            END
          )
          THEN 'misdated_decade'
          WHEN (
            "t8"."_y" = CAST(FLOOR(
              (
                (
                  (
                    (
                      "t8"."_ty" * 12
                    ) + "t8"."_tm"
                  ) - 1
                ) - 12
              ) / (
                12
              )
            ) AS Nullable(Int64))
          )
          AND (
            "t8"."_m" = (
              (
                (
                  (
                    (
                      (
                        "t8"."_ty" * 12
                      ) + "t8"."_tm"
                    ) - 1
                  ) - 12
                ) % 12
              ) + 1
            )
          )
          AND (
            "t8"."_o" = CASE
              WHEN "t8"."_to" < CASE
                WHEN (
                  (
                    (
                      (
                        (
                          "t8"."_ty" * 12
                        ) + "t8"."_tm"
                      ) - 1
                    ) - 12
                  ) % 12
                ) + 1 IN (4, 6, 9, 11)
                THEN 30
                WHEN (
                  (
                    (
                      (
                        (
                          (
                            (
                              "t8"."_ty" * 12
                            ) + "t8"."_tm"
                          ) - 1
                        ) - 12
                      ) % 12
                    ) + 1
                  ) = 2
                )
                AND (
                  (
                    (
                      (
                        CAST(FLOOR(
                          (
                            (
                              (
                                (
                                  "t8"."_ty" * 12
                                ) + "t8"."_tm"
                              ) - 1
                            ) - 12
                          ) / (
                            12
                          )
                        ) AS Nullable(Int64)) % 4
                      ) = 0
                    )
                    AND (
                      (
                        CAST(FLOOR(
                          (
                            (
                              (
                                (
                                  "t8"."_ty" * 12
                                ) + "t8"."_tm"
                              ) - 1
                            ) - 12
                          ) / (
                            12
                          )
                        ) AS Nullable(Int64)) % 100
                      ) <> 0
                    )
                  )
                  OR (
                    (
                      CAST(FLOOR(
                        (
                          (
                            (
                              (
                                "t8"."_ty" * 12
                              ) + "t8"."_tm"
                            ) - 1
                          ) - 12
                        ) / (
                          12
                        )
                      ) AS Nullable(Int64)) % 400
                    ) = 0
                  )
                )
                THEN 29
                WHEN (
                  (
                    (
                      (
                        (
                          (
                            "t8"."_ty" * 12
                          ) + "t8"."_tm"
                        ) - 1
                      ) - 12
                    ) % 12
                  ) + 1
                ) = 2
                THEN 28
                ELSE 31
              END
              THEN "t8"."_to"
              ELSE CASE
                WHEN (
                  (
                    (
                      (
                        (
                          "t8"."_ty" * 12
                        ) + "t8"."_tm"
                      ) - 1
                    ) - 12
                  ) % 12
                ) + 1 IN (4, 6, 9, 11)
                THEN 30
                WHEN (
                  (
                    (
                      (
                        (
                          (
                            (
                              "t8"."_ty" * 12
                            ) + "t8"."_tm"
                          ) - 1
                        ) - 12
                      ) % 12
                    ) + 1
                  ) = 2
                )
                AND (
                  (
                    (
                      (
                        CAST(FLOOR(
                          (
                            (
                              (
                                (
                                  "t8"."_ty" * 12
                                ) + "t8"."_tm"
                              ) - 1
                            ) - 12
                          ) / (
                            12
                          )
                        ) AS Nullable(Int64)) % 4
                      ) = 0
                    )
                    AND (
                      (
                        CAST(FLOOR(
                          (
                            (
                              (
                                (
                                  "t8"."_ty" * 12
                                ) + "t8"."_tm"
                              ) - 1
                            ) - 12
                          ) / (
                            12
                          )
                        ) AS Nullable(Int64)) % 100
                      ) <> 0
                    )
                  )
                  OR (
                    (
                      CAST(FLOOR(
                        (
                          (
                            (
                              (
                                "t8"."_ty" * 12
                              ) + "t8"."_tm"
                            ) - 1
                          ) - 12
                        ) / (
                          12
                        )
                      ) AS Nullable(Int64)) % 400
                    ) = 0
                  )
                )
                THEN 29
                WHEN (
                  (
                    (
                      (
                        (
                          (
                            "t8"."_ty" * 12
                          ) + "t8"."_tm"
                        ) - 1
                      ) - 12
                    ) % 12
                  ) + 1
                ) = 2
                THEN 28
                ELSE 31
              END
            END
          )
          THEN 'misdated_year'
          WHEN (
            "t8"."_y" = CAST(FLOOR(
              (
                (
                  (
                    (
                      "t8"."_ty" * 12
                    ) + "t8"."_tm"
                  ) - 1
                ) - 1
              ) / (
                12
              )
            ) AS Nullable(Int64))
          )
          AND (
            "t8"."_m" = (
              (
                (
                  (
                    (
                      (
                        "t8"."_ty" * 12
                      ) + "t8"."_tm"
                    ) - 1
                  ) - 1
                ) % 12
              ) + 1
            )
          )
          AND (
            "t8"."_o" = CASE
              WHEN "t8"."_to" < CASE
                WHEN (
                  (
                    (
                      (
                        (
                          "t8"."_ty" * 12
                        ) + "t8"."_tm"
                      ) - 1
                    ) - 1
                  ) % 12
                ) + 1 IN (4, 6, 9, 11)
                THEN 30
                WHEN (
                  (
                    (
                      (
                        (
                          (
                            (
                              "t8"."_ty" * 12
                            ) + "t8"."_tm"
                          ) - 1
                        ) - 1
                      ) % 12
                    ) + 1
                  ) = 2
                )
                AND (
                  (
                    (
                      (
                        CAST(FLOOR(
                          (
                            (
                              (
                                (
                                  "t8"."_ty" * 12
                                ) + "t8"."_tm"
                              ) - 1
                            ) - 1
                          ) / (
                            12
                          )
                        ) AS Nullable(Int64)) % 4
                      ) = 0
                    )
                    AND (
                      (
                        CAST(FLOOR(
                          (
                            (
                              (
                                (
                                  "t8"."_ty" * 12
                                ) + "t8"."_tm"
                              ) - 1
                            ) - 1
                          ) / (
                            12
                          )
                        ) AS Nullable(Int64)) % 100
                      ) <> 0
                    )
                  )
                  OR (
                    (
                      CAST(FLOOR(
                        (
                          (
                            (
                              (
                                "t8"."_ty" * 12
                              ) + "t8"."_tm"
                            ) - 1
                          ) - 1
                        ) / (
                          12
                        )
                      ) AS Nullable(Int64)) % 400
                    ) = 0
                  )
                )
                THEN 29
                WHEN (
                  (
                    (
                      (
                        (
                          (
                            "t8"."_ty" * 12
                          ) + "t8"."_tm"
                        ) - 1
                      ) - 1
                    ) % 12
                  ) + 1
                ) = 2
                THEN 28
                ELSE 31
              END
              THEN "t8"."_to"
              ELSE CASE
                WHEN (
                  (
                    (
                      (
                        (
                          "t8"."_ty" * 12
                        ) + "t8"."_tm"
                      ) - 1
                    ) - 1
                  ) % 12
                ) + 1 IN (4, 6, 9, 11)
                THEN 30
                WHEN (
                  (
                    (
                      (
                        (
                          (
                            (
                              "t8"."_ty" * 12
                            ) + "t8"."_tm"
                          ) - 1
                        ) - 1
                      ) % 12
                    ) + 1
                  ) = 2
                )
                AND (
                  (
                    (
                      (
                        CAST(FLOOR(
                          (
                            (
                              (
                                (
                                  "t8"."_ty" * 12
                                ) + "t8"."_tm"
                              ) - 1
                            ) - 1
                          ) / (
                            12
                          )
                        ) AS Nullable(Int64)) % 4
                      ) = 0
                    )
                    AND (
                      (
                        CAST(FLOOR(
                          (
                            (
                              (
                                (
                                  "t8"."_ty" * 12
                                ) + "t8"."_tm"
                              ) - 1
                            ) - 1
                          ) / (
                            12
                          )
                        ) AS Nullable(Int64)) % 100
                      ) <> 0
                    )
                  )
                  OR (
                    (
                      CAST(FLOOR(
                        (
                          (
                            (
                              (
                                "t8"."_ty" * 12
                              ) + "t8"."_tm"
                            ) - 1
                          ) - 1
                        ) / (
                          12
                        )
                      ) AS Nullable(Int64)) % 400
                    ) = 0
                  )
                )
                THEN 29
                WHEN (
                  (
                    (
                      (
                        (
                          (
                            "t8"."_ty" * 12
                          ) + "t8"."_tm"
                        ) - 1
                      ) - 1
                    ) % 12
                  ) + 1
                ) = 2
                THEN 28
                ELSE 31
              END
            END
          )
          THEN 'misdated_month'
          WHEN (
            "t8"."_tn0" - "t8"."_n"
          ) = 30
          THEN 'misdated_month'
          WHEN (
            "t8"."_tn0" - "t8"."_n"
          ) = 365
          THEN 'misdated_year'
          WHEN (
            "t8"."_tn0" - "t8"."_n"
          ) = 3650
          THEN 'misdated_decade'
          ELSE NULL
        END AS "day_reason"
      FROM (
        SELECT
          "t5"."SQLDATE" AS "SQLDATE",
          "t5"."DATEADDED" AS "DATEADDED",
          "t5"."_d" AS "_d",
          "t5"."_t" AS "_t",
          "t5"."_y" AS "_y",
          "t5"."_m" AS "_m",
          "t5"."_o" AS "_o",
          "t5"."_ty" AS "_ty",
          "t5"."_tm" AS "_tm",
          "t5"."_to" AS "_to",
          "t5"."_th" AS "_th",
          "t5"."_tn" AS "_tn",
          "t5"."_ts" AS "_ts",
          (
            "t5"."_y" >= 1
          )
          AND (
            "t5"."_m" >= 1
          )
          AND (
            "t5"."_m" <= 12
          )
          AND (
            "t5"."_o" >= 1
          )
          AND (
            "t5"."_o" <= CASE
              WHEN "t5"."_m" IN (4, 6, 9, 11)
              THEN 30
              WHEN (
                "t5"."_m" = 2
              )
              AND (
                (
                  (
                    (
                      "t5"."_y" % 4
                    ) = 0
                  ) AND (
                    (
                      "t5"."_y" % 100
                    ) <> 0
                  )
                )
                OR (
                  (
                    "t5"."_y" % 400
                  ) = 0
                )
              )
              THEN 29
              WHEN "t5"."_m" = 2
              THEN 28
              ELSE 31
            END
          )
          AND (
            "t5"."_y" >= 1900
          ) AS "_real",
          (
            "t5"."_ty" >= 1
          )
          AND (
            "t5"."_tm" >= 1
          )
          AND (
            "t5"."_tm" <= 12
          )
          AND (
            "t5"."_to" >= 1
          )
          AND (
            "t5"."_to" <= CASE
              WHEN "t5"."_tm" IN (4, 6, 9, 11)
              THEN 30
              WHEN (
                "t5"."_tm" = 2
              )
              AND (
                (
                  (
                    (
                      "t5"."_ty" % 4
                    ) = 0
                  ) AND (
                    (
                      "t5"."_ty" % 100
                    ) <> 0
                  )
                )
                OR (
                  (
                    "t5"."_ty" % 400
                  ) = 0
                )
              )
              THEN 29
              WHEN "t5"."_tm" = 2
              THEN 28
              ELSE 31
            END
          )
          AND (
            (
              "t5"."_th" < 24
            ) AND (
              "t5"."_tn" < 60
            ) AND (
              "t5"."_ts" < 60
            )
          ) AS "_added",
          (
            (
              "t5"."_o" + CAST(FLOOR(
                (
                  (
                    (
                      (
                        "t5"."_m" + (
                          CASE WHEN "t5"."_m" <= 2 THEN 1 ELSE 0 END * 12
                        )
                      ) - 3
                    ) * 153
                  ) + 2
                ) / (
                  5
                )
              ) AS Nullable(Int64)) + (
                (
                  (
                    "t5"."_y" + 4800
                  ) - CASE WHEN "t5"."_m" <= 2 THEN 1 ELSE 0 END
                ) * 365
              ) + CAST(FLOOR(
                (
                  (
                    "t5"."_y" + 4800
                  ) - CASE WHEN "t5"."_m" <= 2 THEN 1 ELSE 0 END
                ) / (
                  4
                )
              ) AS Nullable(Int64))
            ) - CAST(FLOOR(
              (
                (
                  "t5"."_y" + 4800
                ) - CASE WHEN "t5"."_m" <= 2 THEN 1 ELSE 0 END
              ) / (
                100
              )
            ) AS Nullable(Int64))
          ) + CAST(FLOOR(
            (
              (
                "t5"."_y" + 4800
              ) - CASE WHEN "t5"."_m" <= 2 THEN 1 ELSE 0 END
            ) / (
              400
            )
          ) AS Nullable(Int64)) AS "_n",
          (
            (
              "t5"."_to" + CAST(FLOOR(
                (
                  (
                    (
                      (
                        "t5"."_tm" + (
                          CASE WHEN "t5"."_tm" <= 2 THEN 1 ELSE 0 END * 12
                        )
                      ) - 3
                    ) * 153
                  ) + 2
                ) / (
                  5
                )
              ) AS Nullable(Int64)) + (
                (
                  (
                    "t5"."_ty" + 4800
                  ) - CASE WHEN "t5"."_tm" <= 2 THEN 1 ELSE 0 END
                ) * 365
              ) + CAST(FLOOR(
                (
                  (
                    "t5"."_ty" + 4800
                  ) - CASE WHEN "t5"."_tm" <= 2 THEN 1 ELSE 0 END
                ) / (
                  4
                )
              ) AS Nullable(Int64))
            ) - CAST(FLOOR(
              (
                (
                  "t5"."_ty" + 4800
                ) - CASE WHEN "t5"."_tm" <= 2 THEN 1 ELSE 0 END
              ) / (
                100
              )
            ) AS Nullable(Int64))
          ) + CAST(FLOOR(
            (
              (
                "t5"."_ty" + 4800
              ) - CASE WHEN "t5"."_tm" <= 2 THEN 1 ELSE 0 END
            ) / (
              400
            )
          ) AS Nullable(Int64)) AS "_tn0"
        FROM (
          SELECT
            "t4"."SQLDATE" AS "SQLDATE",
            "t4"."DATEADDED" AS "DATEADDED",
            "t4"."_d" AS "_d",
            "t4"."_t" AS "_t",
            CAST(SUBSTRING(
              "t4"."_d",
              CASE WHEN (
                0 + 1
              ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t4"."_d") END,
              4
            ) AS Nullable(Int64)) AS "_y",
            CAST(SUBSTRING(
              "t4"."_d",
              CASE WHEN (
                4 + 1
              ) >= 1 THEN 4 + 1 ELSE 4 + 1 + LENGTH("t4"."_d") END,
              2
            ) AS Nullable(Int64)) AS "_m",
            CAST(SUBSTRING(
              "t4"."_d",
              CASE WHEN (
                6 + 1
              ) >= 1 THEN 6 + 1 ELSE 6 + 1 + LENGTH("t4"."_d") END,
              2
            ) AS Nullable(Int64)) AS "_o",
            CAST(SUBSTRING(
              "t4"."_t",
              CASE WHEN (
                0 + 1
              ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t4"."_t") END,
              4
            ) AS Nullable(Int64)) AS "_ty",
            CAST(SUBSTRING(
              "t4"."_t",
              CASE WHEN (
                4 + 1
              ) >= 1 THEN 4 + 1 ELSE 4 + 1 + LENGTH("t4"."_t") END,
              2
            ) AS Nullable(Int64)) AS "_tm",
            CAST(SUBSTRING(
              "t4"."_t",
              CASE WHEN (
                6 + 1
              ) >= 1 THEN 6 + 1 ELSE 6 + 1 + LENGTH("t4"."_t") END,
              2
            ) AS Nullable(Int64)) AS "_to",
            CAST(SUBSTRING(
              "t4"."_t",
              CASE WHEN (
                8 + 1
              ) >= 1 THEN 8 + 1 ELSE 8 + 1 + LENGTH("t4"."_t") END,
              2
            ) AS Nullable(Int64)) AS "_th",
            CAST(SUBSTRING(
              "t4"."_t",
              CASE WHEN (
                10 + 1
              ) >= 1 THEN 10 + 1 ELSE 10 + 1 + LENGTH("t4"."_t") END,
              2
            ) AS Nullable(Int64)) AS "_tn",
            CAST(SUBSTRING(
              "t4"."_t",
              CASE WHEN (
                12 + 1
              ) >= 1 THEN 12 + 1 ELSE 12 + 1 + LENGTH("t4"."_t") END,
              2
            ) AS Nullable(Int64)) AS "_ts"
          FROM (
            SELECT
              "t1"."SQLDATE" AS "SQLDATE",
              "t1"."DATEADDED" AS "DATEADDED",
              CASE
                WHEN (
                  LENGTH(
                    CASE
                      WHEN (
                        LENGTH("t1"."SQLDATE") = 10
                      )
                      AND match("t1"."SQLDATE", '^[0-9]{4}-[0-9]{2}-[0-9]{2}$')
                      THEN CONCAT(
                        SUBSTRING(
                          "t1"."SQLDATE",
                          CASE WHEN (
                            0 + 1
                          ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t1"."SQLDATE") END,
                          4
                        ),
                        SUBSTRING(
                          "t1"."SQLDATE",
                          CASE WHEN (
                            5 + 1
                          ) >= 1 THEN 5 + 1 ELSE 5 + 1 + LENGTH("t1"."SQLDATE") END,
                          2
                        ),
                        SUBSTRING(
                          "t1"."SQLDATE",
                          CASE WHEN (
                            8 + 1
                          ) >= 1 THEN 8 + 1 ELSE 8 + 1 + LENGTH("t1"."SQLDATE") END,
                          2
                        )
                      )
                      ELSE "t1"."SQLDATE"
                    END
                  ) = 8
                )
                AND match(
                  CASE
                    WHEN (
                      LENGTH("t1"."SQLDATE") = 10
                    )
                    AND match("t1"."SQLDATE", '^[0-9]{4}-[0-9]{2}-[0-9]{2}$')
                    THEN CONCAT(
                      SUBSTRING(
                        "t1"."SQLDATE",
                        CASE WHEN (
                          0 + 1
                        ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t1"."SQLDATE") END,
                        4
                      ),
                      SUBSTRING(
                        "t1"."SQLDATE",
                        CASE WHEN (
                          5 + 1
                        ) >= 1 THEN 5 + 1 ELSE 5 + 1 + LENGTH("t1"."SQLDATE") END,
                        2
                      ),
                      SUBSTRING(
                        "t1"."SQLDATE",
                        CASE WHEN (
                          8 + 1
                        ) >= 1 THEN 8 + 1 ELSE 8 + 1 + LENGTH("t1"."SQLDATE") END,
                        2
                      )
                    )
                    ELSE "t1"."SQLDATE"
                  END,
                  '^[0-9]{8}$'
                )
                THEN CASE
                  WHEN (
                    LENGTH("t1"."SQLDATE") = 10
                  )
                  AND match("t1"."SQLDATE", '^[0-9]{4}-[0-9]{2}-[0-9]{2}$')
                  THEN CONCAT(
                    SUBSTRING(
                      "t1"."SQLDATE",
                      CASE WHEN (
                        0 + 1
                      ) >= 1 THEN 0 + 1 ELSE 0 + 1 + LENGTH("t1"."SQLDATE") END,
                      4
                    ),
                    SUBSTRING(
                      "t1"."SQLDATE",
                      CASE WHEN (
                        5 + 1
                      ) >= 1 THEN 5 + 1 ELSE 5 + 1 + LENGTH("t1"."SQLDATE") END,
                      2
                    ),
                    SUBSTRING(
                      "t1"."SQLDATE",
                      CASE WHEN (
                        8 + 1
                      ) >= 1 THEN 8 + 1 ELSE 8 + 1 + LENGTH("t1"."SQLDATE") END,
                      2
                    )
                  )
                  ELSE "t1"."SQLDATE"
                END
                ELSE '00000000'
              END AS "_d",
              CASE
                WHEN LENGTH("t1"."DATEADDED") = 8
                THEN CONCAT(
                  CASE
                    WHEN (
                      LENGTH("t1"."DATEADDED") = 8
                    ) AND match("t1"."DATEADDED", '^[0-9]{8}$')
                    THEN "t1"."DATEADDED"
                    ELSE '00000000'
                  END,
                  '000000'
                )
                ELSE CASE
                  WHEN (
                    LENGTH("t1"."DATEADDED") = 14
                  ) AND match("t1"."DATEADDED", '^[0-9]{14}$')
                  THEN "t1"."DATEADDED"
                  ELSE '00000000000000'
                END
              END AS "_t"
            FROM (
              SELECT DISTINCT
                COALESCE("t0"."SQLDATE", '') AS "SQLDATE",
                COALESCE("t0"."DATEADDED", '') AS "DATEADDED"
              FROM "gdelt_raw" AS "t0"
            ) AS "t1"
          ) AS "t4"
        ) AS "t5"
      ) AS "t8"
    ) AS "t10"
      ON "t7"."SQLDATE" = "t10"."SQLDATE" AND "t7"."DATEADDED" = "t10"."DATEADDED"
  ) AS "t11"
) AS "t12"
WHERE
  isNull("t12"."outside") AND isNull("t12"."reason")
