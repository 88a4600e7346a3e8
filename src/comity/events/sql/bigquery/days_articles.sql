SELECT
  `t8`.`date`,
  `t8`.`sender`,
  `t8`.`receiver`,
  SUM(`t8`.`weight`) AS `events`,
  SUM(IF(`t8`.`points` IS NULL, 0, `t8`.`weight`)) AS `count`,
  ieee_divide(CAST(COALESCE(SUM(`t8`.`points` * `t8`.`weight`), 0) AS FLOAT64), 10.0) AS `total`,
  ieee_divide(
    CAST(COALESCE(SUM(`t8`.`points` * `t8`.`points` * `t8`.`weight`), 0) AS FLOAT64),
    100.0
  ) AS `square`
FROM (
  SELECT
    `t7`.`date`,
    `t7`.`sender`,
    `t7`.`receiver`,
    `t7`.`articles` AS `weight`,
    CAST(CASE
      WHEN `t7`.`code` IN ('1823', '183', '1831', '1832', '1833', '186', '19', '190', '193', '194', '195', '20', '200', '202', '203', '204', '2041', '2042')
      THEN -100
      WHEN `t7`.`code` IN ('182', '191', '192', '196', '201')
      THEN -95
      WHEN `t7`.`code` IN ('171', '1711', '1712')
      THEN -92
      WHEN `t7`.`code` IN ('175', '18', '180', '181', '1821', '1822')
      THEN -90
      WHEN `t7`.`code` IN ('163', '184', '185')
      THEN -80
      WHEN `t7`.`code` IN ('144', '1441', '1442', '1443', '1444', '145', '1451', '1452', '1453', '1454')
      THEN -75
      WHEN `t7`.`code` IN ('15', '150', '151', '152', '153', '154')
      THEN -72
      WHEN `t7`.`code` IN ('136', '137', '138', '1381', '1382', '1383', '1384', '1385', '139', '164', '166', '1661', '1662', '1663', '17', '170')
      THEN -70
      WHEN `t7`.`code` IN ('14', '140', '141', '1411', '1412', '1413', '1414', '142', '1421', '1422', '1423', '1424', '143', '1431', '1432', '1433', '1434', '165')
      THEN -65
      WHEN `t7`.`code` IN ('13')
      THEN -60
      WHEN `t7`.`code` IN ('131', '1311', '1312', '1313', '132', '1321', '1322', '1323', '1324', '133', '134', '135')
      THEN -58
      WHEN `t7`.`code` IN ('162', '1621', '1622', '1623')
      THEN -56
      WHEN `t7`.`code` IN ('10', '100', '101', '1011', '1012', '1013', '1014', '102', '103', '1031', '1032', '1033', '1034', '104', '1041', '1042', '1043', '1044', '105', '1051', '1052', '1053', '1054', '1055', '1056', '106', '107', '108', '125', '126', '127', '128', '129', '172', '1721', '1722', '1723', '1724', '173', '174')
      THEN -50
      WHEN `t7`.`code` IN ('130')
      THEN -44
      WHEN `t7`.`code` IN ('12', '120', '121', '1211', '1212', '122', '1221', '1222', '1223', '1224', '123', '1231', '1232', '1233', '1234', '124', '1241', '1242', '1243', '1244', '1245', '1246', '16', '160', '161')
      THEN -40
      WHEN `t7`.`code` IN ('016', '09', '090', '091', '092', '093', '094', '11', '110', '111', '112', '1121', '1122', '1123', '1124', '1125', '113', '114', '115', '116')
      THEN -20
      WHEN `t7`.`code` IN ('012')
      THEN -4
      WHEN `t7`.`code` IN ('024', '0241', '0242', '0243', '0244', '025', '0251', '0252', '0253', '0254', '0255', '0256')
      THEN -3
      WHEN `t7`.`code` IN ('011')
      THEN -1
      WHEN `t7`.`code` IN ('01', '010', '014', '015', '017')
      THEN 0
      WHEN `t7`.`code` IN ('013')
      THEN 4
      WHEN `t7`.`code` IN ('04', '040', '041')
      THEN 10
      WHEN `t7`.`code` IN ('042')
      THEN 19
      WHEN `t7`.`code` IN ('044')
      THEN 25
      WHEN `t7`.`code` IN ('043')
      THEN 28
      WHEN `t7`.`code` IN ('02', '020')
      THEN 30
      WHEN `t7`.`code` IN ('022')
      THEN 32
      WHEN `t7`.`code` IN ('018', '019', '021', '0211', '0212', '0213', '0214', '023', '0231', '0232', '0233', '0234', '051')
      THEN 34
      WHEN `t7`.`code` IN ('05', '050', '052')
      THEN 35
      WHEN `t7`.`code` IN ('053')
      THEN 38
      WHEN `t7`.`code` IN ('026', '027', '028', '03', '030', '036')
      THEN 40
      WHEN `t7`.`code` IN ('032')
      THEN 45
      WHEN `t7`.`code` IN ('037', '039', '045', '08', '080', '081', '0811', '0812', '0813', '0814', '082', '083', '0831', '0832', '0833', '0834')
      THEN 50
      WHEN `t7`.`code` IN ('031', '0311', '0312', '0313', '0314', '033', '0331', '0332', '0333')
      THEN 52
      WHEN `t7`.`code` IN ('0334', '054', '06', '060')
      THEN 60
      WHEN `t7`.`code` IN ('061')
      THEN 64
      WHEN `t7`.`code` IN ('034', '0341', '0342', '0343', '0344', '035', '0351', '0352', '0353', '0354', '0355', '0356', '038', '046', '055', '056', '064', '07', '070', '075', '084', '0841', '0842', '085')
      THEN 70
      WHEN `t7`.`code` IN ('062', '063', '071', '073')
      THEN 74
      WHEN `t7`.`code` IN ('057')
      THEN 80
      WHEN `t7`.`code` IN ('072')
      THEN 83
      WHEN `t7`.`code` IN ('074')
      THEN 85
      WHEN `t7`.`code` IN ('086', '0861', '0862', '0863', '087', '0871', '0872', '0873')
      THEN 90
      WHEN `t7`.`code` IN ('0874')
      THEN 100
      ELSE NULL
    END AS INT64) AS `points`
  FROM (
    SELECT
      `t6`.`date`,
      `t6`.`sender`,
      `t6`.`receiver`,
      `t6`.`code`,
      SUM(`t6`.`reports`) AS `reports`,
      SUM(`t6`.`articles`) AS `articles`,
      MAX(IF(`t6`.`_place` = 0, `t6`.`url`, NULL)) AS `url`
    FROM (
      SELECT
        `t5`.`date`,
        `t5`.`sender`,
        `t5`.`receiver`,
        `t5`.`code`,
        `t5`.`url`,
        `t5`.`reports`,
        `t5`.`articles`,
        `t5`.`_none`,
        ROW_NUMBER() OVER (
          PARTITION BY `t5`.`date`, `t5`.`sender`, `t5`.`receiver`, `t5`.`code`
          ORDER BY `t5`.`_none` ASC, `t5`.`reports` DESC, `t5`.`url` ASC
        ) - 1 AS `_place`
      FROM (
        SELECT
          `t4`.`date`,
          `t4`.`sender`,
          `t4`.`receiver`,
          `t4`.`code`,
          `t4`.`url`,
          `t4`.`reports`,
          `t4`.`articles`,
          IF(`t4`.`url` IS NULL, 1, 0) AS `_none`
        FROM (
          SELECT
            `t3`.`date`,
            `t3`.`sender`,
            `t3`.`receiver`,
            `t3`.`code`,
            `t3`.`url`,
            SUM(`t3`.`reports`) AS `reports`,
            MAX(`t3`.`articles`) AS `articles`
          FROM (
            SELECT
              `t2`.`source`,
              `t2`.`event_id`,
              `t2`.`date`,
              `t2`.`sender`,
              `t2`.`receiver`,
              `t2`.`code`,
              `t2`.`reports`,
              `t2`.`articles`,
              `t2`.`num_mentions`,
              `t2`.`num_sources`,
              `t2`.`num_articles`,
              `t2`.`url`,
              `t2`.`added`,
              `t2`.`file`
            FROM (
              SELECT
                `t1`.`source`,
                `t1`.`event_id`,
                `t1`.`date`,
                `t1`.`sender`,
                `t1`.`receiver`,
                `t1`.`code`,
                `t1`.`reports`,
                `t1`.`articles`,
                `t1`.`num_mentions`,
                `t1`.`num_sources`,
                `t1`.`num_articles`,
                `t1`.`url`,
                `t1`.`added`,
                `t1`.`file`,
                `t1`.`_era`,
                ROW_NUMBER() OVER (
                  PARTITION BY `t1`.`source`, `t1`.`event_id`, `t1`.`_era`
                  ORDER BY `t1`.`added` DESC, `t1`.`file` DESC, `t1`.`date` ASC, `t1`.`sender` ASC, `t1`.`receiver` ASC, `t1`.`code` ASC, `t1`.`url` ASC, `t1`.`num_mentions` ASC, `t1`.`num_sources` ASC, `t1`.`num_articles` ASC, `t1`.`reports` ASC, `t1`.`articles` ASC
                ) - 1 AS `_place`
              FROM (
                SELECT
                  `t0`.`source`,
                  `t0`.`event_id`,
                  `t0`.`date`,
                  `t0`.`sender`,
                  `t0`.`receiver`,
                  `t0`.`code`,
                  `t0`.`reports`,
                  `t0`.`articles`,
                  `t0`.`num_mentions`,
                  `t0`.`num_sources`,
                  `t0`.`num_articles`,
                  `t0`.`url`,
                  `t0`.`added`,
                  `t0`.`file`,
                  `t0`.`added` >= CAST('2015-02-19 00:00:00' AS DATETIME) AS `_era`
                FROM `rows` AS `t0`
              ) AS `t1`
            ) AS `t2`
            WHERE
              (
                `t2`.`event_id` IS NULL
              ) OR (
                `t2`.`_place` = 0
              )
          ) AS `t3`
          GROUP BY
            1,
            2,
            3,
            4,
            5
        ) AS `t4`
      ) AS `t5`
    ) AS `t6`
    GROUP BY
      1,
      2,
      3,
      4
  ) AS `t7`
) AS `t8`
GROUP BY
  1,
  2,
  3
