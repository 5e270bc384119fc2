"""Participation per country as figures that are safe to show: measures, cells with keys, noise, and the publisher.

Forty people work in Sweden, and three of them take part. Each adds one to the cell of participants in Sweden, and to
its key a number that nobody can foresee without the campaign's secret. The key picks the noise:

>>> from bot.standings.cell_key_noise import Cell, deviation, noise
>>> sweden = Cell(bytes(32), "participants:SE")
>>> for person in ("ANN", "BO", "CAI"):
...     sweden.add(person, 1)
>>> sweden.total, sweden.cell_key, noise(sweden.cell_key), sweden.blurred()
(3, 3662634332, 4, 7)

What is shown depends on the last of these numbers and on what everybody knows, the headcount and the smallest group:

>>> from bot.standings.displayed_figures import amount, count
>>> count(sweden.blurred(), smallest=5, headcount=40)
5

The same people give the same figure whenever they are counted, so that nobody can average the noise away:

>>> again = Cell(bytes(32), "participants:SE")
>>> for person in ("CAI", "ANN", "BO"):
...     again.add(person, 1)
>>> again.cell_key == sweden.cell_key
True

One more person changes the noise, so that the difference between two days tells little about that person:

>>> sweden.add("DEE", 1)
>>> sweden.total, noise(sweden.cell_key), count(sweden.blurred(), smallest=5, headcount=40).value
(4, -1, 'few')

One person adds at most 60 minutes of Earth Hour. Minutes have noise to match, and are shown where they stand out:

>>> minutes = Cell(bytes(32), "earth_hour_minutes:SE", max_per_act=60)
>>> for person in range(20):
...     minutes.add(f"PERSON{person}", 60)
>>> round(deviation(60)), minutes.total, minutes.blurred(), amount(minutes.blurred(), max_per_act=60)
(170, 1200, 1135, 1100)
"""
