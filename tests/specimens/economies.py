"""Economies drawn at random: sizes over orders of magnitude, missing flows, deficits, elasticities, changes."""

from __future__ import annotations

from typing import Any

import numpy as np

from comity.integration.equilibrium.economy import Economy
from comity.integration.equilibrium.model import CLOSURES, Change, Model
from comity.integration.equilibrium.sectors import SectorChange, SectorEconomy, SectorModel

LARGEST_DEFICIT = 0.6
LARGEST_SHARE_OF_ZEROS = 0.7


def draw_flows(rng: np.random.Generator, count: int) -> np.ndarray:
    """Draw flows with up to 70 % zeros abroad, and deficits of up to 60 % of income."""
    size = np.exp(rng.normal(0, rng.uniform(0.2, 2.0), count))
    near = np.exp(rng.normal(-rng.uniform(0, 4), rng.uniform(0.3, 1.5), (count, count)))
    flows = size[:, None] * size * near
    flows[rng.random((count, count)) < rng.uniform(0, LARGEST_SHARE_OF_ZEROS)] = 0
    np.fill_diagonal(flows, size**2 * rng.uniform(0.5, 3))
    ring = np.arange(count)
    flows[ring, (ring + 1) % count] += 1e-3 * size  # so that everybody trades with everybody, if through others
    wish = rng.uniform(-1, 1, count) * rng.uniform(0, LARGEST_DEFICIT)
    income = flows.sum(axis=1)
    wish -= (wish * income).sum() / income.sum()
    wish *= min(1.0, LARGEST_DEFICIT / np.abs(wish).max())
    for _ in range(60):  # rows to incomes, columns to purchases
        flows *= income * (1 + wish) / flows.sum(axis=0)
        flows *= (income / flows.sum(axis=1))[:, None]
    return flows


def draw_economy(rng: np.random.Generator, most: int = 250) -> Economy:
    """Draw an economy of 5 to `most` members."""
    count = int(round(np.exp(rng.uniform(np.log(5), np.log(most)))))
    return Economy(tuple(f"E{i:03}" for i in range(count)), draw_flows(rng, count))


def draw_model(rng: np.random.Generator) -> Model:
    """Draw elasticities (theta 1 to 12) and a closure."""
    psi = float(rng.choice([0.0, rng.uniform(0, 2)]))
    return Model(float(np.exp(rng.uniform(0, np.log(12)))), psi, str(rng.choice(list(CLOSURES))))


def draw_change(rng: np.random.Generator, count: int, most: float = 1.0) -> Change:
    """Draw changes of costs abroad for some pairs, up to a size [log]."""
    some = rng.random((count, count)) < rng.uniform(0.02, 1)
    cost = rng.normal(0, rng.uniform(0.01, most), (count, count)) * some
    np.fill_diagonal(cost, 0)
    parts: dict[str, Any] = {"log_cost": cost}
    if rng.random() < 0.3:
        parts = {"log_trade": 3 * cost}
    if rng.random() < 0.3:
        rates = rng.uniform(0, 0.5, (count, count))
        np.fill_diagonal(rates, 0)
        parts["tariffs"] = rates
    return Change(**parts)


def draw_sectors(rng: np.random.Generator, count: int, sectors: int) -> SectorEconomy:
    """Draw an economy with sectors whose purchases cover its inputs."""
    value_added = rng.uniform(0.3, 0.7, (sectors, count))
    inputs = rng.random((sectors, sectors, count))
    inputs = inputs / inputs.sum(axis=0) * (1 - value_added)
    flows = np.stack([draw_flows(rng, count) for _ in range(sectors)])
    flows /= flows.sum(axis=(1, 2))[:, None, None]
    tariffs = rng.uniform(0, 0.2, flows.shape) * (1 - np.eye(count))
    home = np.arange(count)
    for _ in range(300):
        lack = 1.1 * np.einsum("kjn,jn->kn", inputs, flows.sum(axis=2)) - (flows * (1 + tariffs)).sum(axis=1)
        flows[:, home, home] += 2 * np.maximum(lack, 0)
    names = tuple(f"E{i:02}" for i in range(count))
    return SectorEconomy(names, tuple(f"S{j:02}" for j in range(sectors)), flows, tariffs, value_added, inputs)


def draw_sector_change(rng: np.random.Generator, economy: SectorEconomy) -> tuple[SectorChange, SectorModel]:
    """Draw changes of costs and tariffs abroad, elasticities (theta 1 to 12) and a closure."""
    shape, abroad = economy.flows.shape, 1 - np.eye(len(economy.names))
    cost = rng.normal(0, rng.uniform(0.01, 0.3), shape) * abroad
    tariffs = rng.uniform(0, 0.4, shape) * abroad if rng.random() < 0.5 else None
    theta = tuple(np.exp(rng.uniform(0, np.log(12), len(economy.sectors))).tolist())
    return SectorChange(cost, tariffs), SectorModel(theta, str(rng.choice(list(CLOSURES))))
