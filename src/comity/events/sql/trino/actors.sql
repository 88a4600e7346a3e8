SELECT
  "t4"."Actor1CountryCode",
  "t4"."Actor1KnownGroupCode",
  "t4"."Actor1EthnicCode",
  "t4"."Actor1Religion1Code",
  "t4"."Actor1Religion2Code",
  "t4"."Actor1Type1Code",
  "t4"."Actor2CountryCode",
  "t4"."Actor2KnownGroupCode",
  "t4"."Actor2EthnicCode",
  "t4"."Actor2Religion1Code",
  "t4"."Actor2Religion2Code",
  "t4"."Actor2Type1Code",
  "t4"."GLOBALEVENTID",
  "t4"."SQLDATE",
  "t4"."EventCode",
  "t4"."NumMentions",
  "t4"."NumSources",
  "t4"."NumArticles",
  "t4"."DATEADDED",
  "t4"."SOURCEURL",
  "t4"."reason",
  COUNT(*) AS "rows"
FROM (
  SELECT
    IF("t3"."outside" IS NULL, "t3"."Actor1CountryCode", NULL) AS "Actor1CountryCode",
    IF("t3"."outside" IS NULL, "t3"."Actor1KnownGroupCode", NULL) AS "Actor1KnownGroupCode",
    IF("t3"."outside" IS NULL, "t3"."Actor1EthnicCode", NULL) AS "Actor1EthnicCode",
    IF("t3"."outside" IS NULL, "t3"."Actor1Religion1Code", NULL) AS "Actor1Religion1Code",
    IF("t3"."outside" IS NULL, "t3"."Actor1Religion2Code", NULL) AS "Actor1Religion2Code",
    IF("t3"."outside" IS NULL, "t3"."Actor1Type1Code", NULL) AS "Actor1Type1Code",
    IF("t3"."outside" IS NULL, "t3"."Actor2CountryCode", NULL) AS "Actor2CountryCode",
    IF("t3"."outside" IS NULL, "t3"."Actor2KnownGroupCode", NULL) AS "Actor2KnownGroupCode",
    IF("t3"."outside" IS NULL, "t3"."Actor2EthnicCode", NULL) AS "Actor2EthnicCode",
    IF("t3"."outside" IS NULL, "t3"."Actor2Religion1Code", NULL) AS "Actor2Religion1Code",
    IF("t3"."outside" IS NULL, "t3"."Actor2Religion2Code", NULL) AS "Actor2Religion2Code",
    IF("t3"."outside" IS NULL, "t3"."Actor2Type1Code", NULL) AS "Actor2Type1Code",
    IF("t3"."outside" IS NULL, "t3"."GLOBALEVENTID", NULL) AS "GLOBALEVENTID",
    IF("t3"."outside" IS NULL, "t3"."SQLDATE", NULL) AS "SQLDATE",
    IF("t3"."outside" IS NULL, "t3"."EventCode", NULL) AS "EventCode",
    IF("t3"."outside" IS NULL, "t3"."NumMentions", NULL) AS "NumMentions",
    IF("t3"."outside" IS NULL, "t3"."NumSources", NULL) AS "NumSources",
    IF("t3"."outside" IS NULL, "t3"."NumArticles", NULL) AS "NumArticles",
    IF("t3"."outside" IS NULL, "t3"."DATEADDED", NULL) AS "DATEADDED",
    IF("t3"."outside" IS NULL, "t3"."SOURCEURL", NULL) AS "SOURCEURL",
    "t3"."outside" AS "reason"
  FROM (
    SELECT
      "t2"."Actor1CountryCode",
      "t2"."Actor1KnownGroupCode",
      "t2"."Actor1EthnicCode",
      "t2"."Actor1Religion1Code",
      "t2"."Actor1Religion2Code",
      "t2"."Actor1Type1Code",
      "t2"."Actor2CountryCode",
      "t2"."Actor2KnownGroupCode",
      "t2"."Actor2EthnicCode",
      "t2"."Actor2Religion1Code",
      "t2"."Actor2Religion2Code",
      "t2"."Actor2Type1Code",
      "t2"."GLOBALEVENTID",
      "t2"."SQLDATE",
      "t2"."EventCode",
      "t2"."NumMentions",
      "t2"."NumSources",
      "t2"."NumArticles",
      "t2"."DATEADDED",
      "t2"."SOURCEURL",
      IF("t2"."sender_reason" = '', "t2"."sender", NULL) AS "sender",
      IF("t2"."receiver_reason" = '', "t2"."receiver", NULL) AS "receiver",
      CASE
        WHEN "t2"."sender_reason" = 'no_actor'
        THEN 'no_first_actor'
        WHEN "t2"."receiver_reason" = 'no_actor'
        THEN 'no_second_actor'
        WHEN "t2"."sender_reason" <> ''
        THEN "t2"."sender_reason"
        WHEN "t2"."receiver_reason" <> ''
        THEN "t2"."receiver_reason"
        WHEN COALESCE(
          IF("t2"."sender_reason" = '', "t2"."sender", NULL) = IF("t2"."receiver_reason" = '', "t2"."receiver", NULL),
          FALSE
        )
        AND (
          SUBSTR(
            IF("t2"."sender_reason" = '', "t2"."sender", NULL),
            IF(
              (
                0 + 1
              ) >= 1,
              0 + 1,
              0 + 1 + LENGTH(IF("t2"."sender_reason" = '', "t2"."sender", NULL))
            ),
            4
          ) = 'IGO:'
        )
        THEN 'same_organisation'
        WHEN COALESCE(
          IF("t2"."sender_reason" = '', "t2"."sender", NULL) = IF("t2"."receiver_reason" = '', "t2"."receiver", NULL),
          FALSE
        )
        THEN 'same_state'
        ELSE NULL
      END AS "outside"
    FROM (
      SELECT
        "t1"."Actor1CountryCode",
        "t1"."Actor1KnownGroupCode",
        "t1"."Actor1EthnicCode",
        "t1"."Actor1Religion1Code",
        "t1"."Actor1Religion2Code",
        "t1"."Actor1Type1Code",
        "t1"."Actor2CountryCode",
        "t1"."Actor2KnownGroupCode",
        "t1"."Actor2EthnicCode",
        "t1"."Actor2Religion1Code",
        "t1"."Actor2Religion2Code",
        "t1"."Actor2Type1Code",
        "t1"."GLOBALEVENTID",
        "t1"."SQLDATE",
        "t1"."EventCode",
        "t1"."NumMentions",
        "t1"."NumSources",
        "t1"."NumArticles",
        "t1"."DATEADDED",
        "t1"."SOURCEURL",
        CASE
          WHEN "t1"."Actor1Type1Code" = 'IGO'
          THEN CASE
            WHEN "t1"."Actor1KnownGroupCode" IN ('ACC')
            THEN 'IGO:ACC'
            WHEN "t1"."Actor1KnownGroupCode" IN ('CPC')
            THEN 'IGO:ACPC'
            WHEN "t1"."Actor1KnownGroupCode" IN ('ADB')
            THEN 'IGO:ADB'
            WHEN "t1"."Actor1KnownGroupCode" IN ('AFB')
            THEN 'IGO:AFDB'
            WHEN "t1"."Actor1KnownGroupCode" IN ('AMF')
            THEN 'IGO:AMF'
            WHEN "t1"."Actor1KnownGroupCode" IN ('AMU')
            THEN 'IGO:AMU'
            WHEN "t1"."Actor1KnownGroupCode" IN ('ASN')
            THEN 'IGO:ASEAN'
            WHEN "t1"."Actor1KnownGroupCode" IN ('AFU', 'NEP', 'OAU', 'PAP')
            THEN 'IGO:AU'
            WHEN "t1"."Actor1KnownGroupCode" IN ('ABD')
            THEN 'IGO:BADEA'
            WHEN "t1"."Actor1KnownGroupCode" IN ('BCA')
            THEN 'IGO:BEAC'
            WHEN "t1"."Actor1KnownGroupCode" IN ('BIS')
            THEN 'IGO:BIS'
            WHEN "t1"."Actor1KnownGroupCode" IN ('WAD')
            THEN 'IGO:BOAD'
            WHEN "t1"."Actor1KnownGroupCode" IN ('AEU')
            THEN 'IGO:CAEU'
            WHEN "t1"."Actor1KnownGroupCode" IN ('CEM')
            THEN 'IGO:CEMAC'
            WHEN "t1"."Actor1KnownGroupCode" IN ('CSS')
            THEN 'IGO:CENSAD'
            WHEN "t1"."Actor1KnownGroupCode" IN ('CIS')
            THEN 'IGO:CIS'
            WHEN "t1"."Actor1KnownGroupCode" IN ('COE')
            THEN 'IGO:COE'
            WHEN "t1"."Actor1KnownGroupCode" IN ('CWN')
            THEN 'IGO:COMMONWEALTH'
            WHEN "t1"."Actor1KnownGroupCode" IN ('CPA')
            THEN 'IGO:COPAL'
            WHEN "t1"."Actor1KnownGroupCode" IN ('EBR')
            THEN 'IGO:EBRD'
            WHEN "t1"."Actor1KnownGroupCode" IN ('ECA')
            THEN 'IGO:ECCAS'
            WHEN "t1"."Actor1KnownGroupCode" IN ('WAS')
            THEN 'IGO:ECOWAS'
            WHEN "t1"."Actor1KnownGroupCode" IN ('EFT')
            THEN 'IGO:EFTA'
            WHEN "t1"."Actor1KnownGroupCode" IN ('EEC')
            THEN 'IGO:EU'
            WHEN "t1"."Actor1KnownGroupCode" IN ('UNOFAO')
            THEN 'IGO:FAO'
            WHEN "t1"."Actor1KnownGroupCode" IN ('GOS')
            THEN 'IGO:G7'
            WHEN "t1"."Actor1KnownGroupCode" IN ('GSS')
            THEN 'IGO:G77'
            WHEN "t1"."Actor1KnownGroupCode" IN ('GOE')
            THEN 'IGO:G8'
            WHEN "t1"."Actor1KnownGroupCode" IN ('GCC')
            THEN 'IGO:GCC'
            WHEN "t1"."Actor1KnownGroupCode" IN ('IAC')
            THEN 'IGO:IACO'
            WHEN "t1"."Actor1KnownGroupCode" IN ('UNOIAE')
            THEN 'IGO:IAEA'
            WHEN "t1"."Actor1KnownGroupCode" IN ('ICC')
            THEN 'IGO:ICC'
            WHEN "t1"."Actor1KnownGroupCode" IN ('ICO')
            THEN 'IGO:ICCO'
            WHEN "t1"."Actor1KnownGroupCode" IN ('UNOICJ')
            THEN 'IGO:ICJ'
            WHEN "t1"."Actor1KnownGroupCode" IN ('IAD')
            THEN 'IGO:IGAD'
            WHEN "t1"."Actor1KnownGroupCode" IN ('IGC')
            THEN 'IGO:IGC'
            WHEN "t1"."Actor1KnownGroupCode" IN ('UNOILO')
            THEN 'IGO:ILO'
            WHEN "t1"."Actor1KnownGroupCode" IN ('IMF')
            THEN 'IGO:IMF'
            WHEN "t1"."Actor1KnownGroupCode" IN ('ITP')
            THEN 'IGO:INTERPOL'
            WHEN "t1"."Actor1KnownGroupCode" IN ('IOM')
            THEN 'IGO:IOM'
            WHEN "t1"."Actor1KnownGroupCode" IN ('IDB')
            THEN 'IGO:ISDB'
            WHEN "t1"."Actor1KnownGroupCode" IN ('ARL')
            THEN 'IGO:LAS'
            WHEN "t1"."Actor1KnownGroupCode" IN ('NON')
            THEN 'IGO:NAM'
            WHEN "t1"."Actor1KnownGroupCode" IN ('NAT')
            THEN 'IGO:NATO'
            WHEN "t1"."Actor1KnownGroupCode" IN ('APE')
            THEN 'IGO:OAPEC'
            WHEN "t1"."Actor1KnownGroupCode" IN ('OAS')
            THEN 'IGO:OAS'
            WHEN "t1"."Actor1KnownGroupCode" IN ('UNOHCH')
            THEN 'IGO:OHCHR'
            WHEN "t1"."Actor1KnownGroupCode" IN ('OIC')
            THEN 'IGO:OIC'
            WHEN "t1"."Actor1KnownGroupCode" IN ('OPC')
            THEN 'IGO:OPEC'
            WHEN "t1"."Actor1KnownGroupCode" IN ('SCE')
            THEN 'IGO:OSCE'
            WHEN "t1"."Actor1KnownGroupCode" IN ('PRC')
            THEN 'IGO:PARISCLUB'
            WHEN "t1"."Actor1KnownGroupCode" IN ('SAA')
            THEN 'IGO:SAARC'
            WHEN "t1"."Actor1KnownGroupCode" IN ('SAD')
            THEN 'IGO:SADC'
            WHEN "t1"."Actor1KnownGroupCode" IN ('SOT')
            THEN 'IGO:SEATO'
            WHEN "t1"."Actor1KnownGroupCode" IN ('ATD')
            THEN 'IGO:TDB'
            WHEN "t1"."Actor1KnownGroupCode" IN ('UEM', 'WAM')
            THEN 'IGO:UEMOA'
            WHEN "t1"."Actor1KnownGroupCode" IN ('UNO')
            THEN 'IGO:UN'
            WHEN "t1"."Actor1KnownGroupCode" IN ('UNOHCR')
            THEN 'IGO:UNHCR'
            WHEN "t1"."Actor1KnownGroupCode" IN ('UNOKID')
            THEN 'IGO:UNICEF'
            WHEN "t1"."Actor1KnownGroupCode" IN ('UNOWBK')
            THEN 'IGO:WB'
            WHEN "t1"."Actor1KnownGroupCode" IN ('UNOWFP')
            THEN 'IGO:WFP'
            WHEN "t1"."Actor1KnownGroupCode" IN ('UNOWHO')
            THEN 'IGO:WHO'
            WHEN "t1"."Actor1KnownGroupCode" IN ('WTO')
            THEN 'IGO:WTO'
            ELSE NULL
          END
          ELSE CASE
            WHEN "t1"."Actor1CountryCode" IN ('AFG', 'AGO', 'ALB', 'AND', 'ARE', 'ARG', 'ARM', 'ATG', 'AUS', 'AUT', 'AZE', 'BDI', 'BEL', 'BEN', 'BFA', 'BGD', 'BGR', 'BHR', 'BHS', 'BIH', 'BLR', 'BLZ', 'BOL', 'BRA', 'BRB', 'BRN', 'BTN', 'BWA', 'CAF', 'CAN', 'CHE', 'CHL', 'CHN', 'CIV', 'CMR', 'COD', 'COG', 'COK', 'COL', 'COM', 'CPV', 'CRI', 'CUB', 'CYP', 'CZE', 'DEU', 'DJI', 'DMA', 'DNK', 'DOM', 'DZA', 'ECU', 'EGY', 'ERI', 'ESH', 'ESP', 'EST', 'ETH', 'FIN', 'FJI', 'FRA', 'FSM', 'GAB', 'GBR', 'GEO', 'GHA', 'GIN', 'GMB', 'GNB', 'GNQ', 'GRC', 'GRD', 'GTM', 'GUY', 'HND', 'HRV', 'HTI', 'HUN', 'IDN', 'IND', 'IRL', 'IRN', 'IRQ', 'ISL', 'ISR', 'ITA', 'JAM', 'JOR', 'JPN', 'KAZ', 'KEN', 'KGZ', 'KHM', 'KIR', 'KNA', 'KOR', 'KWT', 'LAO', 'LBN', 'LBR', 'LBY', 'LCA', 'LIE', 'LKA', 'LSO', 'LTU', 'LUX', 'LVA', 'MAR', 'MCO', 'MDA', 'MDG', 'MDV', 'MEX', 'MHL', 'MKD', 'MLI', 'MLT', 'MMR', 'MNE', 'MNG', 'MOZ', 'MRT', 'MUS', 'MWI', 'MYS', 'NAM', 'NER', 'NGA', 'NIC', 'NIU', 'NLD', 'NOR', 'NPL', 'NRU', 'NZL', 'OMN', 'PAK', 'PAN', 'PER', 'PHL', 'PLW', 'PNG', 'POL', 'PRK', 'PRT', 'PRY', 'PSE', 'QAT', 'ROU', 'RUS', 'RWA', 'SAU', 'SDN', 'SEN', 'SGP', 'SLB', 'SLE', 'SLV', 'SMR', 'SOM', 'SRB', 'SSD', 'STP', 'SUR', 'SVK', 'SVN', 'SWE', 'SWZ', 'SYC', 'SYR', 'TCD', 'TGO', 'THA', 'TJK', 'TKM', 'TON', 'TTO', 'TUN', 'TUR', 'TUV', 'TWN', 'TZA', 'UGA', 'UKR', 'URY', 'USA', 'UZB', 'VAT', 'VCT', 'VEN', 'VNM', 'VUT', 'WSM', 'YEM', 'ZAF', 'ZMB', 'ZWE')
            THEN "t1"."Actor1CountryCode"
            WHEN "t1"."Actor1CountryCode" IN ('MTN')
            THEN 'MNE'
            WHEN "t1"."Actor1CountryCode" IN ('ROM')
            THEN 'ROU'
            WHEN "t1"."Actor1CountryCode" IN ('TMP')
            THEN 'TLS'
            ELSE NULL
          END
        END AS "sender",
        CASE
          WHEN CASE
            WHEN "t1"."Actor1CountryCode" <> ''
            THEN FALSE
            WHEN "t1"."Actor1KnownGroupCode" <> ''
            THEN FALSE
            WHEN "t1"."Actor1EthnicCode" <> ''
            THEN FALSE
            WHEN "t1"."Actor1Religion1Code" <> ''
            THEN FALSE
            WHEN "t1"."Actor1Religion2Code" <> ''
            THEN FALSE
            WHEN "t1"."Actor1Type1Code" <> ''
            THEN FALSE
            ELSE TRUE
          END
          THEN 'no_actor'
          WHEN "t1"."Actor1Type1Code" = 'IGO'
          THEN CASE
            WHEN "t1"."Actor1KnownGroupCode" = ''
            THEN 'unnamed_organisation'
            WHEN "t1"."Actor1KnownGroupCode" IN ('ABD', 'ACC', 'ADB', 'AEU', 'AFB', 'AFU', 'AMF', 'AMU', 'APE', 'ARL', 'ASN', 'ATD', 'BCA', 'BIS', 'CEM', 'CIS', 'COE', 'CPA', 'CPC', 'CSS', 'CWN', 'EBR', 'ECA', 'EEC', 'EFT', 'GCC', 'GOE', 'GOS', 'GSS', 'IAC', 'IAD', 'ICC', 'ICO', 'IDB', 'IGC', 'IMF', 'IOM', 'ITP', 'NAT', 'NEP', 'NON', 'OAS', 'OAU', 'OIC', 'OPC', 'PAP', 'PRC', 'SAA', 'SAD', 'SCE', 'SOT', 'UEM', 'UNO', 'UNOFAO', 'UNOHCH', 'UNOHCR', 'UNOIAE', 'UNOICJ', 'UNOILO', 'UNOKID', 'UNOWBK', 'UNOWFP', 'UNOWHO', 'WAD', 'WAM', 'WAS', 'WTO')
            THEN ''
            ELSE 'unknown_organisation'
          END
          WHEN NOT (
            "t1"."Actor1Type1Code" IN ('', 'GOV', 'MIL')
          )
          THEN CASE
            WHEN SUBSTR(
              "t1"."Actor1Type1Code",
              IF((
                0 + 1
              ) >= 1, 0 + 1, 0 + 1 + LENGTH("t1"."Actor1Type1Code")),
              3
            ) IN ('IMG', 'INS', 'PRM', 'RAD', 'REB', 'SEP', 'UAF')
            THEN 'armed_group'
            WHEN SUBSTR(
              "t1"."Actor1Type1Code",
              IF((
                0 + 1
              ) >= 1, 0 + 1, 0 + 1 + LENGTH("t1"."Actor1Type1Code")),
              3
            ) IN ('BUS', 'MNC')
            THEN 'business'
            WHEN SUBSTR(
              "t1"."Actor1Type1Code",
              IF((
                0 + 1
              ) >= 1, 0 + 1, 0 + 1 + LENGTH("t1"."Actor1Type1Code")),
              3
            ) IN ('JRN', 'MED')
            THEN 'media'
            WHEN SUBSTR(
              "t1"."Actor1Type1Code",
              IF((
                0 + 1
              ) >= 1, 0 + 1, 0 + 1 + LENGTH("t1"."Actor1Type1Code")),
              3
            ) IN ('INT', 'NGM', 'NGO')
            THEN 'non_governmental'
            WHEN SUBSTR(
              "t1"."Actor1Type1Code",
              IF((
                0 + 1
              ) >= 1, 0 + 1, 0 + 1 + LENGTH("t1"."Actor1Type1Code")),
              3
            ) IN ('PTY')
            THEN 'party'
            ELSE 'person_or_role'
          END
          WHEN "t1"."Actor1KnownGroupCode" <> ''
          THEN 'known_group'
          WHEN "t1"."Actor1EthnicCode" <> ''
          THEN 'ethnic_group'
          WHEN (
            "t1"."Actor1Religion1Code" <> ''
          ) OR (
            "t1"."Actor1Religion2Code" <> ''
          )
          THEN 'religious_group'
          ELSE CASE
            WHEN "t1"."Actor1CountryCode" = ''
            THEN 'no_country'
            WHEN "t1"."Actor1CountryCode" IN ('AFG', 'AGO', 'ALB', 'AND', 'ARE', 'ARG', 'ARM', 'ATG', 'AUS', 'AUT', 'AZE', 'BDI', 'BEL', 'BEN', 'BFA', 'BGD', 'BGR', 'BHR', 'BHS', 'BIH', 'BLR', 'BLZ', 'BOL', 'BRA', 'BRB', 'BRN', 'BTN', 'BWA', 'CAF', 'CAN', 'CHE', 'CHL', 'CHN', 'CIV', 'CMR', 'COD', 'COG', 'COK', 'COL', 'COM', 'CPV', 'CRI', 'CUB', 'CYP', 'CZE', 'DEU', 'DJI', 'DMA', 'DNK', 'DOM', 'DZA', 'ECU', 'EGY', 'ERI', 'ESH', 'ESP', 'EST', 'ETH', 'FIN', 'FJI', 'FRA', 'FSM', 'GAB', 'GBR', 'GEO', 'GHA', 'GIN', 'GMB', 'GNB', 'GNQ', 'GRC', 'GRD', 'GTM', 'GUY', 'HND', 'HRV', 'HTI', 'HUN', 'IDN', 'IND', 'IRL', 'IRN', 'IRQ', 'ISL', 'ISR', 'ITA', 'JAM', 'JOR', 'JPN', 'KAZ', 'KEN', 'KGZ', 'KHM', 'KIR', 'KNA', 'KOR', 'KWT', 'LAO', 'LBN', 'LBR', 'LBY', 'LCA', 'LIE', 'LKA', 'LSO', 'LTU', 'LUX', 'LVA', 'MAR', 'MCO', 'MDA', 'MDG', 'MDV', 'MEX', 'MHL', 'MKD', 'MLI', 'MLT', 'MMR', 'MNE', 'MNG', 'MOZ', 'MRT', 'MTN', 'MUS', 'MWI', 'MYS', 'NAM', 'NER', 'NGA', 'NIC', 'NIU', 'NLD', 'NOR', 'NPL', 'NRU', 'NZL', 'OMN', 'PAK', 'PAN', 'PER', 'PHL', 'PLW', 'PNG', 'POL', 'PRK', 'PRT', 'PRY', 'PSE', 'QAT', 'ROM', 'ROU', 'RUS', 'RWA', 'SAU', 'SDN', 'SEN', 'SGP', 'SLB', 'SLE', 'SLV', 'SMR', 'SOM', 'SRB', 'SSD', 'STP', 'SUR', 'SVK', 'SVN', 'SWE', 'SWZ', 'SYC', 'SYR', 'TCD', 'TGO', 'THA', 'TJK', 'TKM', 'TMP', 'TON', 'TTO', 'TUN', 'TUR', 'TUV', 'TWN', 'TZA', 'UGA', 'UKR', 'URY', 'USA', 'UZB', 'VAT', 'VCT', 'VEN', 'VNM', 'VUT', 'WSM', 'YEM', 'ZAF', 'ZMB', 'ZWE')
            THEN ''
            WHEN "t1"."Actor1CountryCode" IN ('AFR', 'ASA', 'BLK', 'CAS', 'CAU', 'CEU', 'CFR', 'CRB', 'EAF', 'EEU', 'EIN', 'EUR', 'LAM', 'MDT', 'MEA', 'NAF', 'NMR', 'PGS', 'SAF', 'SAM', 'SAS', 'SCN', 'SEA', 'WAF', 'WST')
            THEN 'region'
            WHEN "t1"."Actor1CountryCode" IN ('ABW', 'AIA', 'ALA', 'ANT', 'ASM', 'BMU', 'CYM', 'FLK', 'FRO', 'GIB', 'GLP', 'GRL', 'GUF', 'GUM', 'HKG', 'IMY', 'MAC', 'MNP', 'MSR', 'MTQ', 'MYT', 'NCL', 'NFK', 'PCN', 'PRI', 'PYF', 'REU', 'SHN', 'SJM', 'SPM', 'TCA', 'TKL', 'VGB', 'VIR', 'WLF')
            THEN 'territory'
            ELSE 'unknown_code'
          END
        END AS "sender_reason",
        CASE
          WHEN "t1"."Actor2Type1Code" = 'IGO'
          THEN CASE
            WHEN "t1"."Actor2KnownGroupCode" IN ('ACC')
            THEN 'IGO:ACC'
            WHEN "t1"."Actor2KnownGroupCode" IN ('CPC')
            THEN 'IGO:ACPC'
            WHEN "t1"."Actor2KnownGroupCode" IN ('ADB')
            THEN 'IGO:ADB'
            WHEN "t1"."Actor2KnownGroupCode" IN ('AFB')
            THEN 'IGO:AFDB'
            WHEN "t1"."Actor2KnownGroupCode" IN ('AMF')
            THEN 'IGO:AMF'
            WHEN "t1"."Actor2KnownGroupCode" IN ('AMU')
            THEN 'IGO:AMU'
            WHEN "t1"."Actor2KnownGroupCode" IN ('ASN')
            THEN 'IGO:ASEAN'
            WHEN "t1"."Actor2KnownGroupCode" IN ('AFU', 'NEP', 'OAU', 'PAP')
            THEN 'IGO:AU'
            WHEN "t1"."Actor2KnownGroupCode" IN ('ABD')
            THEN 'IGO:BADEA'
            WHEN "t1"."Actor2KnownGroupCode" IN ('BCA')
            THEN 'IGO:BEAC'
            WHEN "t1"."Actor2KnownGroupCode" IN ('BIS')
            THEN 'IGO:BIS'
            WHEN "t1"."Actor2KnownGroupCode" IN ('WAD')
            THEN 'IGO:BOAD'
            WHEN "t1"."Actor2KnownGroupCode" IN ('AEU')
            THEN 'IGO:CAEU'
            WHEN "t1"."Actor2KnownGroupCode" IN ('CEM')
            THEN 'IGO:CEMAC'
            WHEN "t1"."Actor2KnownGroupCode" IN ('CSS')
            THEN 'IGO:CENSAD'
            WHEN "t1"."Actor2KnownGroupCode" IN ('CIS')
            THEN 'IGO:CIS'
            WHEN "t1"."Actor2KnownGroupCode" IN ('COE')
            THEN 'IGO:COE'
            WHEN "t1"."Actor2KnownGroupCode" IN ('CWN')
            THEN 'IGO:COMMONWEALTH'
            WHEN "t1"."Actor2KnownGroupCode" IN ('CPA')
            THEN 'IGO:COPAL'
            WHEN "t1"."Actor2KnownGroupCode" IN ('EBR')
            THEN 'IGO:EBRD'
            WHEN "t1"."Actor2KnownGroupCode" IN ('ECA')
            THEN 'IGO:ECCAS'
            WHEN "t1"."Actor2KnownGroupCode" IN ('WAS')
            THEN 'IGO:ECOWAS'
            WHEN "t1"."Actor2KnownGroupCode" IN ('EFT')
            THEN 'IGO:EFTA'
            WHEN "t1"."Actor2KnownGroupCode" IN ('EEC')
            THEN 'IGO:EU'
            WHEN "t1"."Actor2KnownGroupCode" IN ('UNOFAO')
            THEN 'IGO:FAO'
            WHEN "t1"."Actor2KnownGroupCode" IN ('GOS')
            THEN 'IGO:G7'
            WHEN "t1"."Actor2KnownGroupCode" IN ('GSS')
            THEN 'IGO:G77'
            WHEN "t1"."Actor2KnownGroupCode" IN ('GOE')
            THEN 'IGO:G8'
            WHEN "t1"."Actor2KnownGroupCode" IN ('GCC')
            THEN 'IGO:GCC'
            WHEN "t1"."Actor2KnownGroupCode" IN ('IAC')
            THEN 'IGO:IACO'
            WHEN "t1"."Actor2KnownGroupCode" IN ('UNOIAE')
            THEN 'IGO:IAEA'
            WHEN "t1"."Actor2KnownGroupCode" IN ('ICC')
            THEN 'IGO:ICC'
            WHEN "t1"."Actor2KnownGroupCode" IN ('ICO')
            THEN 'IGO:ICCO'
            WHEN "t1"."Actor2KnownGroupCode" IN ('UNOICJ')
            THEN 'IGO:ICJ'
            WHEN "t1"."Actor2KnownGroupCode" IN ('IAD')
            THEN 'IGO:IGAD'
            WHEN "t1"."Actor2KnownGroupCode" IN ('IGC')
            THEN 'IGO:IGC'
            WHEN "t1"."Actor2KnownGroupCode" IN ('UNOILO')
            THEN 'IGO:ILO'
            WHEN "t1"."Actor2KnownGroupCode" IN ('IMF')
            THEN 'IGO:IMF'
            WHEN "t1"."Actor2KnownGroupCode" IN ('ITP')
            THEN 'IGO:INTERPOL'
            WHEN "t1"."Actor2KnownGroupCode" IN ('IOM')
            THEN 'IGO:IOM'
            WHEN "t1"."Actor2KnownGroupCode" IN ('IDB')
            THEN 'IGO:ISDB'
            WHEN "t1"."Actor2KnownGroupCode" IN ('ARL')
            THEN 'IGO:LAS'
            WHEN "t1"."Actor2KnownGroupCode" IN ('NON')
            THEN 'IGO:NAM'
            WHEN "t1"."Actor2KnownGroupCode" IN ('NAT')
            THEN 'IGO:NATO'
            WHEN "t1"."Actor2KnownGroupCode" IN ('APE')
            THEN 'IGO:OAPEC'
            WHEN "t1"."Actor2KnownGroupCode" IN ('OAS')
            THEN 'IGO:OAS'
            WHEN "t1"."Actor2KnownGroupCode" IN ('UNOHCH')
            THEN 'IGO:OHCHR'
            WHEN "t1"."Actor2KnownGroupCode" IN ('OIC')
            THEN 'IGO:OIC'
            WHEN "t1"."Actor2KnownGroupCode" IN ('OPC')
            THEN 'IGO:OPEC'
            WHEN "t1"."Actor2KnownGroupCode" IN ('SCE')
            THEN 'IGO:OSCE'
            WHEN "t1"."Actor2KnownGroupCode" IN ('PRC')
            THEN 'IGO:PARISCLUB'
            WHEN "t1"."Actor2KnownGroupCode" IN ('SAA')
            THEN 'IGO:SAARC'
            WHEN "t1"."Actor2KnownGroupCode" IN ('SAD')
            THEN 'IGO:SADC'
            WHEN "t1"."Actor2KnownGroupCode" IN ('SOT')
            THEN 'IGO:SEATO'
            WHEN "t1"."Actor2KnownGroupCode" IN ('ATD')
            THEN 'IGO:TDB'
            WHEN "t1"."Actor2KnownGroupCode" IN ('UEM', 'WAM')
            THEN 'IGO:UEMOA'
            WHEN "t1"."Actor2KnownGroupCode" IN ('UNO')
            THEN 'IGO:UN'
            WHEN "t1"."Actor2KnownGroupCode" IN ('UNOHCR')
            THEN 'IGO:UNHCR'
            WHEN "t1"."Actor2KnownGroupCode" IN ('UNOKID')
            THEN 'IGO:UNICEF'
            WHEN "t1"."Actor2KnownGroupCode" IN ('UNOWBK')
            THEN 'IGO:WB'
            WHEN "t1"."Actor2KnownGroupCode" IN ('UNOWFP')
            THEN 'IGO:WFP'
            WHEN "t1"."Actor2KnownGroupCode" IN ('UNOWHO')
            THEN 'IGO:WHO'
            WHEN "t1"."Actor2KnownGroupCode" IN ('WTO')
            THEN 'IGO:WTO'
            ELSE NULL
          END
          ELSE CASE
            WHEN "t1"."Actor2CountryCode" IN ('AFG', 'AGO', 'ALB', 'AND', 'ARE', 'ARG', 'ARM', 'ATG', 'AUS', 'AUT', 'AZE', 'BDI', 'BEL', 'BEN', 'BFA', 'BGD', 'BGR', 'BHR', 'BHS', 'BIH', 'BLR', 'BLZ', 'BOL', 'BRA', 'BRB', 'BRN', 'BTN', 'BWA', 'CAF', 'CAN', 'CHE', 'CHL', 'CHN', 'CIV', 'CMR', 'COD', 'COG', 'COK', 'COL', 'COM', 'CPV', 'CRI', 'CUB', 'CYP', 'CZE', 'DEU', 'DJI', 'DMA', 'DNK', 'DOM', 'DZA', 'ECU', 'EGY', 'ERI', 'ESH', 'ESP', 'EST', 'ETH', 'FIN', 'FJI', 'FRA', 'FSM', 'GAB', 'GBR', 'GEO', 'GHA', 'GIN', 'GMB', 'GNB', 'GNQ', 'GRC', 'GRD', 'GTM', 'GUY', 'HND', 'HRV', 'HTI', 'HUN', 'IDN', 'IND', 'IRL', 'IRN', 'IRQ', 'ISL', 'ISR', 'ITA', 'JAM', 'JOR', 'JPN', 'KAZ', 'KEN', 'KGZ', 'KHM', 'KIR', 'KNA', 'KOR', 'KWT', 'LAO', 'LBN', 'LBR', 'LBY', 'LCA', 'LIE', 'LKA', 'LSO', 'LTU', 'LUX', 'LVA', 'MAR', 'MCO', 'MDA', 'MDG', 'MDV', 'MEX', 'MHL', 'MKD', 'MLI', 'MLT', 'MMR', 'MNE', 'MNG', 'MOZ', 'MRT', 'MUS', 'MWI', 'MYS', 'NAM', 'NER', 'NGA', 'NIC', 'NIU', 'NLD', 'NOR', 'NPL', 'NRU', 'NZL', 'OMN', 'PAK', 'PAN', 'PER', 'PHL', 'PLW', 'PNG', 'POL', 'PRK', 'PRT', 'PRY', 'PSE', 'QAT', 'ROU', 'RUS', 'RWA', 'SAU', 'SDN', 'SEN', 'SGP', 'SLB', 'SLE', 'SLV', 'SMR', 'SOM', 'SRB', 'SSD', 'STP', 'SUR', 'SVK', 'SVN', 'SWE', 'SWZ', 'SYC', 'SYR', 'TCD', 'TGO', 'THA', 'TJK', 'TKM', 'TON', 'TTO', 'TUN', 'TUR', 'TUV', 'TWN', 'TZA', 'UGA', 'UKR', 'URY', 'USA', 'UZB', 'VAT', 'VCT', 'VEN', 'VNM', 'VUT', 'WSM', 'YEM', 'ZAF', 'ZMB', 'ZWE')
            THEN "t1"."Actor2CountryCode"
            WHEN "t1"."Actor2CountryCode" IN ('MTN')
            THEN 'MNE'
            WHEN "t1"."Actor2CountryCode" IN ('ROM')
            THEN 'ROU'
            WHEN "t1"."Actor2CountryCode" IN ('TMP')
            THEN 'TLS'
            ELSE NULL
          END
        END AS "receiver",
        CASE
          WHEN CASE
            WHEN "t1"."Actor2CountryCode" <> ''
            THEN FALSE
            WHEN "t1"."Actor2KnownGroupCode" <> ''
            THEN FALSE
            WHEN "t1"."Actor2EthnicCode" <> ''
            THEN FALSE
            WHEN "t1"."Actor2Religion1Code" <> ''
            THEN FALSE
            WHEN "t1"."Actor2Religion2Code" <> ''
            THEN FALSE
            WHEN "t1"."Actor2Type1Code" <> ''
            THEN FALSE
            ELSE TRUE
          END
          THEN 'no_actor'
          WHEN "t1"."Actor2Type1Code" = 'IGO'
          THEN CASE
            WHEN "t1"."Actor2KnownGroupCode" = ''
            THEN 'unnamed_organisation'
            WHEN "t1"."Actor2KnownGroupCode" IN ('ABD', 'ACC', 'ADB', 'AEU', 'AFB', 'AFU', 'AMF', 'AMU', 'APE', 'ARL', 'ASN', 'ATD', 'BCA', 'BIS', 'CEM', 'CIS', 'COE', 'CPA', 'CPC', 'CSS', 'CWN', 'EBR', 'ECA', 'EEC', 'EFT', 'GCC', 'GOE', 'GOS', 'GSS', 'IAC', 'IAD', 'ICC', 'ICO', 'IDB', 'IGC', 'IMF', 'IOM', 'ITP', 'NAT', 'NEP', 'NON', 'OAS', 'OAU', 'OIC', 'OPC', 'PAP', 'PRC', 'SAA', 'SAD', 'SCE', 'SOT', 'UEM', 'UNO', 'UNOFAO', 'UNOHCH', 'UNOHCR', 'UNOIAE', 'UNOICJ', 'UNOILO', 'UNOKID', 'UNOWBK', 'UNOWFP', 'UNOWHO', 'WAD', 'WAM', 'WAS', 'WTO')
            THEN ''
            ELSE 'unknown_organisation'
          END
          WHEN NOT (
            "t1"."Actor2Type1Code" IN ('', 'GOV', 'MIL')
          )
          THEN CASE
            WHEN SUBSTR(
              "t1"."Actor2Type1Code",
              IF((
                0 + 1
              ) >= 1, 0 + 1, 0 + 1 + LENGTH("t1"."Actor2Type1Code")),
              3
            ) IN ('IMG', 'INS', 'PRM', 'RAD', 'REB', 'SEP', 'UAF')
            THEN 'armed_group'
            WHEN SUBSTR(
              "t1"."Actor2Type1Code",
              IF((
                0 + 1
              ) >= 1, 0 + 1, 0 + 1 + LENGTH("t1"."Actor2Type1Code")),
              3
            ) IN ('BUS', 'MNC')
            THEN 'business'
            WHEN SUBSTR(
              "t1"."Actor2Type1Code",
              IF((
                0 + 1
              ) >= 1, 0 + 1, 0 + 1 + LENGTH("t1"."Actor2Type1Code")),
              3
            ) IN ('JRN', 'MED')
            THEN 'media'
            WHEN SUBSTR(
              "t1"."Actor2Type1Code",
              IF((
                0 + 1
              ) >= 1, 0 + 1, 0 + 1 + LENGTH("t1"."Actor2Type1Code")),
              3
            ) IN ('INT', 'NGM', 'NGO')
            THEN 'non_governmental'
            WHEN SUBSTR(
              "t1"."Actor2Type1Code",
              IF((
                0 + 1
              ) >= 1, 0 + 1, 0 + 1 + LENGTH("t1"."Actor2Type1Code")),
              3
            ) IN ('PTY')
            THEN 'party'
            ELSE 'person_or_role'
          END
          WHEN "t1"."Actor2KnownGroupCode" <> ''
          THEN 'known_group'
          WHEN "t1"."Actor2EthnicCode" <> ''
          THEN 'ethnic_group'
          WHEN (
            "t1"."Actor2Religion1Code" <> ''
          ) OR (
            "t1"."Actor2Religion2Code" <> ''
          )
          THEN 'religious_group'
          ELSE CASE
            WHEN "t1"."Actor2CountryCode" = ''
            THEN 'no_country'
            WHEN "t1"."Actor2CountryCode" IN ('AFG', 'AGO', 'ALB', 'AND', 'ARE', 'ARG', 'ARM', 'ATG', 'AUS', 'AUT', 'AZE', 'BDI', 'BEL', 'BEN', 'BFA', 'BGD', 'BGR', 'BHR', 'BHS', 'BIH', 'BLR', 'BLZ', 'BOL', 'BRA', 'BRB', 'BRN', 'BTN', 'BWA', 'CAF', 'CAN', 'CHE', 'CHL', 'CHN', 'CIV', 'CMR', 'COD', 'COG', 'COK', 'COL', 'COM', 'CPV', 'CRI', 'CUB', 'CYP', 'CZE', 'DEU', 'DJI', 'DMA', 'DNK', 'DOM', 'DZA', 'ECU', 'EGY', 'ERI', 'ESH', 'ESP', 'EST', 'ETH', 'FIN', 'FJI', 'FRA', 'FSM', 'GAB', 'GBR', 'GEO', 'GHA', 'GIN', 'GMB', 'GNB', 'GNQ', 'GRC', 'GRD', 'GTM', 'GUY', 'HND', 'HRV', 'HTI', 'HUN', 'IDN', 'IND', 'IRL', 'IRN', 'IRQ', 'ISL', 'ISR', 'ITA', 'JAM', 'JOR', 'JPN', 'KAZ', 'KEN', 'KGZ', 'KHM', 'KIR', 'KNA', 'KOR', 'KWT', 'LAO', 'LBN', 'LBR', 'LBY', 'LCA', 'LIE', 'LKA', 'LSO', 'LTU', 'LUX', 'LVA', 'MAR', 'MCO', 'MDA', 'MDG', 'MDV', 'MEX', 'MHL', 'MKD', 'MLI', 'MLT', 'MMR', 'MNE', 'MNG', 'MOZ', 'MRT', 'MTN', 'MUS', 'MWI', 'MYS', 'NAM', 'NER', 'NGA', 'NIC', 'NIU', 'NLD', 'NOR', 'NPL', 'NRU', 'NZL', 'OMN', 'PAK', 'PAN', 'PER', 'PHL', 'PLW', 'PNG', 'POL', 'PRK', 'PRT', 'PRY', 'PSE', 'QAT', 'ROM', 'ROU', 'RUS', 'RWA', 'SAU', 'SDN', 'SEN', 'SGP', 'SLB', 'SLE', 'SLV', 'SMR', 'SOM', 'SRB', 'SSD', 'STP', 'SUR', 'SVK', 'SVN', 'SWE', 'SWZ', 'SYC', 'SYR', 'TCD', 'TGO', 'THA', 'TJK', 'TKM', 'TMP', 'TON', 'TTO', 'TUN', 'TUR', 'TUV', 'TWN', 'TZA', 'UGA', 'UKR', 'URY', 'USA', 'UZB', 'VAT', 'VCT', 'VEN', 'VNM', 'VUT', 'WSM', 'YEM', 'ZAF', 'ZMB', 'ZWE')
            THEN ''
            WHEN "t1"."Actor2CountryCode" IN ('AFR', 'ASA', 'BLK', 'CAS', 'CAU', 'CEU', 'CFR', 'CRB', 'EAF', 'EEU', 'EIN', 'EUR', 'LAM', 'MDT', 'MEA', 'NAF', 'NMR', 'PGS', 'SAF', 'SAM', 'SAS', 'SCN', 'SEA', 'WAF', 'WST')
            THEN 'region'
            WHEN "t1"."Actor2CountryCode" IN ('ABW', 'AIA', 'ALA', 'ANT', 'ASM', 'BMU', 'CYM', 'FLK', 'FRO', 'GIB', 'GLP', 'GRL', 'GUF', 'GUM', 'HKG', 'IMY', 'MAC', 'MNP', 'MSR', 'MTQ', 'MYT', 'NCL', 'NFK', 'PCN', 'PRI', 'PYF', 'REU', 'SHN', 'SJM', 'SPM', 'TCA', 'TKL', 'VGB', 'VIR', 'WLF')
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
      ) AS "t1"
    ) AS "t2"
  ) AS "t3"
) AS "t4"
GROUP BY
  1,
  2,
  3,
  4,
  5,
  6,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
  17,
  18,
  19,
  20,
  21
