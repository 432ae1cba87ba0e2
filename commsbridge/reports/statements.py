"""The statements behind facts: five questions to the log and its neighbours, each with one row a student."""

from __future__ import annotations

# One row a student on the roll on the last day. ``paused``: a quiet time that whānau or school asked for, no hard day.
# ``declined``: somebody said stop by :until, and nobody who may hear has a way that works or that could be mended. What
# was said here is the ledger's; what the same phone said elsewhere, or was poured in with the school, is in opt_outs.
ROLL = """
WITH said AS MATERIALIZED (
  SELECT DISTINCT ON (address) address, kind IN ('stop', 'unsubscribe') AS stopped FROM consent_entries
  WHERE kind IN ('stop', 'unsubscribe', 'start', 'resubscribe') AND address IS NOT NULL AND at < :until
  ORDER BY address, at DESC, id
), hearing AS MATERIALIZED (
  SELECT g.id, g.student_id, g.contact_id, g."primary", g.from_on FROM guardianships g
  WHERE g.may_message <> 'no' AND g.from_on <= :last_on AND (g.to_on IS NULL OR g.to_on >= :last_on) {only_g}
), declined AS MATERIALIZED (
  SELECT g.student_id
  FROM hearing g JOIN ways w ON w.contact_id = g.contact_id AND w.rank > 0
    LEFT JOIN said ON said.stopped AND said.address = w.address
    LEFT JOIN opt_outs o ON o.sender_id = ANY(:senders) AND o.address = w.address AND o.since < :until
    CROSS JOIN LATERAL (SELECT w.channel IN ('text', 'email') AND (said.stopped OR o.since IS NOT NULL) IS TRUE
                          AS stopped) c
  GROUP BY g.student_id HAVING bool_or(c.stopped) AND bool_and(c.stopped OR w.state <> 'ok')
), enrolled AS (
  SELECT e.student_id, min(e.from_on) AS began_on,
         array_agg(e.class_id ORDER BY e.class_id) FILTER (WHERE e.to_on IS NULL OR e.to_on >= :last_on) AS class_ids
  FROM enrolments e WHERE e.from_on <= :last_on {only_e} GROUP BY e.student_id
), asked AS (
  SELECT DISTINCT ON (g.student_id) g.student_id, l.language
  FROM hearing g JOIN languages_asked l ON l.contact_id = g.contact_id
  WHERE l.from_on <= :last_on AND (l.to_on IS NULL OR l.to_on >= :last_on)
  ORDER BY g.student_id, g."primary" DESC, g.from_on, g.id
)
SELECT s.id, s.preferred_name, s.name, s.year_level, e.began_on, coalesce(e.class_ids, '{}') AS class_ids,
       EXISTS (SELECT FROM pauses q WHERE q.student_id = s.id AND NOT q.hard_day AND q.from_at < :until
               AND (q.ended_at IS NULL OR q.ended_at >= :until)
               AND (q.until_on IS NULL OR q.until_on >= :last_on)) AS paused,
       s.id IN (SELECT student_id FROM declined) AS declined,
       EXISTS (SELECT FROM books b WHERE b.student_id = s.id AND b.begun_at < :until
               AND (b.ended_at IS NULL OR b.ended_at >= :until)) AS has_book,
       a.language AS asked
FROM students s JOIN enrolled e ON e.student_id = s.id LEFT JOIN asked a ON a.student_id = s.id
WHERE (s.left_on IS NULL OR s.left_on > :last_on) {only_s}
ORDER BY s.id
"""

# From when until when a phrase stood as a named person had approved it.
VOUCHED = """
WITH vouched AS MATERIALIZED (
  SELECT f.id AS phrase_id, w.made_at AS from_at, w.until_at
  FROM phrases f JOIN (SELECT key, verdict, text_en, text_mi, made_at,
                              lead(made_at) OVER (PARTITION BY key ORDER BY number) AS until_at
                       FROM wording_checks WHERE made_at < :until) w ON w.key = 'phrase:' || f.key
  WHERE w.verdict = 'approved' AND (w.until_at IS NOT NULL OR (w.text_en, w.text_mi) = (f.text_en, f.text_mi))
)
"""

# Whether a phrase stood approved when it was written. The first two lists are looked up, and nearly always settle it;
# joining would go through every verdict for every message, since nobody can tell the planner how many there are.
STOOD = """
(m.phrase_id IN (SELECT v.phrase_id FROM vouched v)
 AND (m.phrase_id IN (SELECT v.phrase_id FROM vouched v WHERE v.from_at <= :start AND v.until_at IS NULL)
   OR EXISTS (SELECT FROM vouched v WHERE v.phrase_id = m.phrase_id AND w.written_at >= v.from_at
              AND (v.until_at IS NULL OR w.written_at < v.until_at))))
"""

# What became of praise: its deliveries, and the local days on which it arrived, from :since on, a little before the
# period. What was taken back or moved to another child by :until is as if it had never been. A delivery arrives once
# (messages.moves). Lines are folded to deliveries before anything is joined: there are twice as many.
WENT = """
{vouched}, praised AS (
  SELECT p.id, p.student_id, p.at, p.subject_id FROM lines p
  WHERE p.moment = 'praise' AND p.at >= :news_from AND p.at < :until
    AND p.id NOT IN (SELECT g.about FROM lines g WHERE g.moment IN ('undone', 'moved') AND g.about IS NOT NULL
                     AND g.at < :until {only_g}) {only_p}
), folded AS (
  SELECT f.about, f.subject_id, f.contact_id, f.channel, f.language, min(f.at) AS first_at,
         min(f.at) FILTER (WHERE f.moment = 'arrived') AS arrived_at,
         min(f.at) FILTER (WHERE f.moment = 'did_not_arrive') AS failed_at,
         min(f.at) FILTER (WHERE f.moment = 'uncertain') AS uncertain_at
  FROM lines f
  WHERE f.at >= :since AND f.at < :until AND f.moment IN ('sent', 'arrived', 'did_not_arrive', 'uncertain') {only_f}
  GROUP BY f.about, f.subject_id, f.contact_id, f.channel, f.language
), went AS MATERIALIZED (
  SELECT p.student_id, p.subject_id AS message_id, p.at AS written_at, f.contact_id, f.channel, f.language, f.first_at,
         CASE WHEN f.arrived_at <= p.at + :news_lasts THEN f.arrived_at END AS arrived_at,
         coalesce(f.failed_at <= p.at + :news_lasts, false) AS failed,
         coalesce(f.uncertain_at <= p.at + :news_lasts, false) AS uncertain
  FROM folded f JOIN praised p ON p.id = f.about AND f.first_at <= p.at + :news_lasts
), days AS (
  SELECT student_id, string_agg(((arrived_at AT TIME ZONE :zone)::date - date '2000-01-01')::text, ' ') AS days
  FROM went WHERE arrived_at IS NOT NULL GROUP BY student_id
), words AS {kept} (
  SELECT m.id, m.phrase_id, m.words = '' OR t.answered_at < :until AS stood
  FROM messages m LEFT JOIN translations t ON t.school_id = m.school_id AND t.message_id = m.id
  WHERE m.made_at >= :start - interval '1 day' AND m.made_at < :until
), reo AS (
  SELECT w.student_id, count(*) AS reo_sent,
         count(*) FILTER (WHERE (m.phrase_id IS NULL OR {stood}) AND m.stood) AS reo_checked
  FROM went w JOIN words m ON m.id = w.message_id
  WHERE w.written_at >= :start AND w.arrived_at IS NOT NULL AND w.language IN ('mi', 'both')
    AND w.channel IN ('text', 'email')
  GROUP BY w.student_id
), told AS (
  SELECT w.*, w.arrived_at IS NOT NULL AS arrived,
         w.arrived_at - coalesce(p.made_at, w.written_at) <= :timely AS in_time,
         CASE WHEN a.language IN ('mi', 'en', 'both') THEN a.language WHEN a.language IS NULL THEN 'en'
         ELSE 'other' END AS asked
  FROM went w LEFT JOIN (
    SELECT contact_id, language, from_on::timestamp AT TIME ZONE :zone AS from_at,
           (to_on + 1)::timestamp AT TIME ZONE :zone AS to_at FROM languages_asked OFFSET 0) a
      ON a.contact_id = w.contact_id AND a.from_at <= w.first_at AND (a.to_at IS NULL OR a.to_at > w.first_at)
    LEFT JOIN later_praises p ON p.message_id = w.message_id
  WHERE w.written_at >= :start
), counted AS (
  SELECT student_id, count(*) AS sent, count(*) FILTER (WHERE arrived) AS arrived,
         count(*) FILTER (WHERE in_time) AS timely,
         count(*) FILTER (WHERE failed AND NOT arrived) AS failed,
         count(*) FILTER (WHERE uncertain AND NOT failed AND NOT arrived) AS uncertain,
         count(*) FILTER (WHERE arrived AND asked IN ('mi', 'both')) AS reo_of,
         count(*) FILTER (WHERE arrived AND (asked, language) IN (('mi', 'mi'), ('mi', 'both'), ('both', 'both')))
           AS reo_got,
         count(*) FILTER (WHERE arrived AND asked = 'other') AS other_of,
         count(*) FILTER (WHERE arrived AND asked = 'other'
           AND (channel NOT IN ('text', 'email') OR language NOT IN ('mi', 'en', 'both'))) AS other_got,
         coalesce(bool_or(arrived AND (channel = 'email' OR (channel = 'text' AND :texts_free))), false) AS answerable
  FROM told GROUP BY student_id
)
SELECT coalesce(d.student_id, c.student_id) AS id, coalesce(d.days, '') AS days, coalesce(c.sent, 0) AS sent,
       coalesce(c.arrived, 0) AS arrived, coalesce(c.timely, 0) AS timely, coalesce(c.failed, 0) AS failed,
       coalesce(c.uncertain, 0) AS uncertain, coalesce(c.reo_of, 0) AS reo_of, coalesce(c.reo_got, 0) AS reo_got,
       coalesce(c.other_of, 0) AS other_of, coalesce(c.other_got, 0) AS other_got,
       coalesce(c.answerable, false) AS answerable, coalesce(r.reo_sent, 0) AS reo_sent,
       coalesce(r.reo_checked, 0) AS reo_checked
FROM days d FULL JOIN counted c USING (student_id) LEFT JOIN reo r USING (student_id)
""".replace("{vouched}", VOUCHED).replace("{stood}", STOOD)

# What was written, held or said in the period, each moment standing for itself; a hui counts once it was held, what is
# written about it does not. A question is a reply with a promise that was not set aside as needing no answer; what was
# kept after :until is open still. Praise, replies and the rest are asked apart: each joins what is its own alone.
SAID = """
WITH gone AS MATERIALIZED (
  SELECT g.about FROM lines g
  WHERE g.moment IN ('undone', 'moved') AND g.about IS NOT NULL AND g.at < :until {only_g}
), praised AS (
  SELECT l.student_id, count(*) AS praise, count(*) FILTER (WHERE m.words <> '') AS own_words
  FROM lines l LEFT JOIN messages m ON m.school_id = l.school_id AND m.id = l.subject_id
    AND m.made_at >= :start - interval '1 day' AND m.made_at < :until
  WHERE l.moment = 'praise' AND l.at >= :start AND l.at < :until AND l.id NOT IN (SELECT about FROM gone) {only_l}
  GROUP BY l.student_id
), replied AS (
  SELECT l.student_id, count(*) AS replies, count(*) FILTER (WHERE l.channel = 'text') AS by_text,
         count(*) FILTER (WHERE l.channel = 'email') AS by_mail,
         count(*) FILTER (WHERE l.channel = 'page') AS by_page,
         count(*) FILTER (WHERE r.delivery_id IS NULL) AS begun,
         count(*) FILTER (WHERE q.kept AND q.took_minutes <= q.allowed_minutes) AS in_time,
         count(*) FILTER (WHERE q.kept AND q.took_minutes > q.allowed_minutes) AS late,
         count(*) FILTER (WHERE NOT q.kept AND q.due_at < :until) AS overdue,
         count(*) FILTER (WHERE NOT q.kept AND (q.due_at IS NULL OR q.due_at >= :until)) AS open,
         string_agg(q.took_minutes::text, ' ') FILTER (WHERE q.kept) AS took
  FROM lines l LEFT JOIN replies r ON r.school_id = l.school_id AND r.id = l.subject_id
    LEFT JOIN (SELECT school_id, reply_id, allowed_minutes, took_minutes, due_at,
                      kept_at IS NOT NULL AND kept_at < :until AS kept FROM promises
               WHERE asked_at < :until AND (kept_how = 'not_needed' AND kept_at < :until) IS NOT TRUE) q
      ON q.school_id = l.school_id AND q.reply_id = l.subject_id
  WHERE l.moment = 'reply' AND l.at >= :start AND l.at < :until AND l.id NOT IN (SELECT about FROM gone) {only_l}
  GROUP BY l.student_id
), others AS (
  SELECT l.student_id, count(*) FILTER (WHERE l.moment = 'concern') AS concerns,
         count(*) FILTER (WHERE l.moment = 'gate') AS gate, count(*) FILTER (WHERE l.moment = 'call') AS calls,
         count(*) FILTER (WHERE l.moment = 'book') AS pages,
         count(*) FILTER (WHERE l.moment = 'hui' AND l.subject = 'hui') AS hui
  FROM lines l
  WHERE l.moment IN ('concern', 'gate', 'call', 'book', 'hui') AND l.at >= :start AND l.at < :until
    AND l.id NOT IN (SELECT about FROM gone) {only_l}
  GROUP BY l.student_id
)
SELECT student_id AS id, coalesce(p.praise, 0) AS praise, coalesce(p.own_words, 0) AS own_words,
       coalesce(o.concerns, 0) AS concerns, coalesce(o.gate, 0) AS gate, coalesce(o.calls, 0) AS calls,
       coalesce(o.pages, 0) AS pages, coalesce(o.hui, 0) AS hui, coalesce(r.replies, 0) AS replies,
       coalesce(r.by_text, 0) AS by_text, coalesce(r.by_mail, 0) AS by_mail, coalesce(r.by_page, 0) AS by_page,
       coalesce(r.begun, 0) AS begun, coalesce(r.in_time, 0) AS in_time, coalesce(r.late, 0) AS late,
       coalesce(r.overdue, 0) AS overdue, coalesce(r.open, 0) AS open, coalesce(r.took, '') AS took
FROM praised p FULL JOIN replied r USING (student_id) FULL JOIN others o USING (student_id)
"""

# When good news last reached those whom none reached from :since on; None of them is asked about twice.
BEFORE = """
SELECT s.id, (last.at AT TIME ZONE :zone)::date AS last_on
FROM unnest(CAST(:silent AS uuid[])) AS s (id) CROSS JOIN LATERAL (
  SELECT f.at FROM lines f JOIN lines p ON p.school_id = f.school_id AND p.id = f.about
  WHERE f.student_id = s.id AND f.at < :since AND f.moment = 'arrived' AND p.moment = 'praise'
    AND p.at >= f.at - :news_lasts AND NOT EXISTS (
    SELECT FROM lines g WHERE g.school_id = p.school_id AND g.about = p.id AND g.moment IN ('undone', 'moved')
      AND g.at < :until)
  ORDER BY f.at DESC LIMIT 1) AS last
"""

# Who was asked about in the period, and what came of it by :until: an answer, or good news within :prompt_lasts.
PROMPTED = """
SELECT c.student_id AS id, count(*) AS prompts,
       count(*) FILTER (WHERE (c.answer IS NOT NULL AND c.answered_at < :until) OR l.praised) AS prompts_answered,
       count(*) FILTER (WHERE (c.answer = 'gate' AND c.answered_at < :until) OR l.praised) AS prompts_helped
FROM prompts p JOIN prompted_children c ON c.school_id = p.school_id AND c.prompt_id = p.id
  CROSS JOIN LATERAL (SELECT EXISTS (
    SELECT FROM lines w WHERE w.school_id = c.school_id AND w.student_id = c.student_id AND w.moment = 'praise'
      AND w.at >= p.made_at AND w.at < least(p.made_at + :prompt_lasts, :until) AND NOT EXISTS (
        SELECT FROM lines g WHERE g.school_id = w.school_id AND g.about = w.id AND g.moment IN ('undone', 'moved')
          AND g.at < :until)) AS praised) l
WHERE p.due_at >= :start AND p.due_at < :until AND p.made_at < :until {only_c}
GROUP BY c.student_id
"""
