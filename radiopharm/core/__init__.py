"""Physics and rules: standard library only, no I/O, no clock, no rows.

Everything here can be printed and shown to a physicist. Times come in as arguments; activities are
whole becquerels where they are booked and plain floats where they are computed.
"""
