"""The deterministic world: network, disks, clients, faults, the history of all that happened.

Time is an integer number of microseconds of simulated time. Read in this order: ``chance``,
``network``, ``host``, ``client``, ``history``, ``world``, ``acts``, ``text``, ``scenario``.
"""
