"""Simulated provinces: senders outside the engine that know only its public doors.

Everything they need stands in one file, `outside.json`, that `haidang demo prepare` leaves in the home:
stations, logins and where the doors are. See README.md.
"""
