"""An estate without hardware: devices that speak the real protocols, with ground truth.

Order of use (see `simulators.estate`):

    async with Estate(site, scenario, seed=1, clock=clock, ledger=ledger) as estate:
        wiring = estate.edge_wiring()          # what the edge agents' configurations need
        ...                                    # start the agents
        estate.attach({"gates": "http://127.0.0.1:40001"})
        await estate.run(60.0)
        report = await judge(client, watch, estate, ...)

The hub is read only through its public API (`simulators.hubclient`).
"""
