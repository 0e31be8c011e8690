/** What own GPUs cost month by month, rented on demand, committed or bought: pure arithmetic on the months' needs. */
import type { Commitment, Purchase } from "../../schema/projectionPlan.ts";
import { bookValue, type MonthCash, monthlyPayment } from "./money.ts";

/** What a fleet needs in one month. */
export interface GpuNeed {
  readonly gpus: number;
  /** GPU-hours held; gpus * hours where the fleet is always on. */
  readonly gpuHours: number;
  /** Rent of all those hours on demand, USD. */
  readonly rentUsd: number;
  /** Share of the held hours with a batch running; null without GPUs. */
  readonly busyFraction: number | null;
}

/** Own GPUs of one month by cost line; `costUsd` is the sum, as a controller books it; `cash` is what is paid. */
export interface GpuMonth {
  readonly lines: Readonly<Record<string, number>>;
  readonly costUsd: number;
  readonly cash: MonthCash;
  /** GPUs owned or committed in this month. */
  readonly boundGpus: number;
}

function monthOf(lines: Record<string, number>, cash: MonthCash, boundGpus: number): GpuMonth {
  const costUsd = Object.values(lines).reduce((sum, usd) => sum + usd, 0);
  return { lines, costUsd, cash, boundGpus };
}

/** All hours at the rent of the month. */
export function rented(needs: readonly GpuNeed[]): GpuMonth[] {
  return needs.map(({ rentUsd }) =>
    monthOf({ gpuOnDemand: rentUsd }, { beginUsd: 0, endUsd: rentUsd }, 0),
  );
}

/** Rent of one GPU-hour; that of the nearest month with GPUs where this one has none. */
function hourPrices(needs: readonly GpuNeed[]): number[] {
  const own = needs.map(({ rentUsd, gpuHours }) => (gpuHours > 0 ? rentUsd / gpuHours : undefined));
  return own.map((price, i) => {
    if (price !== undefined) return price;
    for (let d = 1; d < own.length; d++) {
      const near = own[i - d] ?? own[i + d];
      if (near !== undefined) return near;
    }
    return 0;
  });
}

/** Commitments over the months, and what is still bound after the last one. */
export interface CommittedPlan {
  readonly months: readonly GpuMonth[];
  /** Price of the months of the last term that lie after the plan, USD. */
  readonly obligationUsd: number;
}

/** Whole GPUs that every one of the months holds on average; those of its fleets where they are always on. */
function leastHeld(needs: readonly GpuNeed[], monthHours: number): number {
  const held = Math.min(...needs.map((each) => each.gpuHours)) / monthHours;
  return Math.floor(held + 1e-6);
}

/**
 * Hours committed for terms at the rent of the month of signing less the discount, paid whether used or not, the upfront share at the
 * beginning of a term and the rest month by month; what the months need beyond it is rented on demand. A term that goes on after the
 * last month counts for the months within: its upfront payment in proportion; the price of the rest is the obligation.
 */
export function committed(
  needs: readonly GpuNeed[],
  commitment: Commitment,
  monthHours: number,
): CommittedPlan {
  const { termMonths, discount, upfrontShare, gpus, renew } = commitment;
  const prices = hourPrices(needs);
  const months: GpuMonth[] = [];
  let obligationUsd = 0;
  for (let from = 0; from < needs.length; from += termMonths) {
    const term = needs.slice(from, from + termMonths);
    const isSigned = renew || from === 0;
    const bound = !isSigned ? 0 : gpus === "least" ? leastHeld(term, monthHours) : gpus;
    const hours = bound * monthHours;
    const perMonthUsd = hours * prices[from] * (1 - discount);
    obligationUsd = perMonthUsd * (termMonths - term.length);
    term.forEach((need, i) => {
      const beyond = Math.max(0, need.gpuHours - hours);
      const onDemandUsd = beyond * prices[from + i];
      const beginUsd = i === 0 ? perMonthUsd * term.length * upfrontShare : 0;
      const endUsd = perMonthUsd * (1 - upfrontShare) + onDemandUsd;
      const lines = { gpuCommitted: perMonthUsd, gpuOnDemand: onDemandUsd };
      months.push(monthOf(lines, { beginUsd, endUsd }, bound));
    });
  }
  return { months, obligationUsd };
}

/** Servers bought together. */
interface Lot {
  servers: number;
  readonly boughtIn: number;
  readonly priceUsd: number;
  readonly residualUsd: number;
  readonly paymentUsd: number;
}

/** Price factors and hours that a purchase needs, one per month. */
export interface PurchaseMonth {
  readonly hardware: number;
  readonly power: number;
}

/** Servers of a plan: bought, retired at the end of their life, worth their book value at the plan's end. */
class ServerYard {
  readonly lots: Lot[] = [];
  private readonly spec: Purchase;

  constructor(spec: Purchase) {
    this.spec = spec;
  }

  get servers(): number {
    return this.lots.reduce((sum, lot) => sum + lot.servers, 0);
  }

  /** Sells those whose life is over; returns the proceeds. */
  retire(month: number): number {
    let usd = 0;
    for (const lot of this.lots) {
      if (month - lot.boughtIn < this.spec.lifeMonths) continue;
      usd += lot.servers * lot.residualUsd;
      lot.servers = 0;
    }
    return usd;
  }

  /** Buys what is missing; returns what it costs. */
  buy(servers: number, month: number, hardware: number): number {
    const missing = servers - this.servers;
    if (missing <= 0) return 0;
    const { usdPerServer, networkUsdPerServer, installUsdPerServer, residualShare } = this.spec;
    const goods = (usdPerServer + networkUsdPerServer) * hardware;
    const priceUsd = goods + installUsdPerServer;
    const residualUsd = goods * residualShare;
    const { lifeMonths, interestPerYear } = this.spec;
    const paymentUsd = monthlyPayment(priceUsd, residualUsd, lifeMonths, interestPerYear);
    this.lots.push({ servers: missing, boughtIn: month, priceUsd, residualUsd, paymentUsd });
    return missing * priceUsd;
  }

  get paymentUsd(): number {
    return this.lots.reduce((sum, lot) => sum + lot.servers * lot.paymentUsd, 0);
  }

  /** Price of what is owned, for upkeep that goes by it. */
  get serverPriceUsd(): number {
    return this.lots.reduce((sum, lot) => sum + lot.servers * lot.priceUsd, 0);
  }

  /** Book value at the end of a month. */
  valueAfter(month: number): number {
    return this.lots.reduce((sum, lot) => {
      const age = month - lot.boughtIn + 1;
      const value = bookValue(lot.priceUsd, lot.residualUsd, this.spec.lifeMonths, age);
      return sum + lot.servers * value;
    }, 0);
  }
}

/** GPUs bought, with what their last month leaves. */
export interface PurchasedPlan {
  readonly months: readonly GpuMonth[];
  /** Book value at the plan's end; a credit of its last month's end that is not in its cash. */
  readonly residualUsd: number;
  /** Paid for servers in all. */
  readonly capexUsd: number;
}

/** Energy of all servers in a month, kWh at the meter: load while busy, the idle share of it else, times PUE. */
function energyKwh(spec: Purchase, servers: number, busyShare: number, monthHours: number): number {
  const load = busyShare + (1 - busyShare) * spec.idlePowerShare;
  return servers * spec.kwPerServer * load * spec.pue * monthHours;
}

/**
 * Whole servers for the GPUs of each month, bought at the beginning of the month that needs them and kept for their life. Booked cost:
 * equal payments over the life (money.ts); cash: the price when bought, the residual when retired.
 */
export function purchased(
  needs: readonly GpuNeed[],
  spec: Purchase,
  prices: readonly PurchaseMonth[],
  monthHours: number,
): PurchasedPlan {
  const yard = new ServerYard(spec);
  let capexUsd = 0;
  const months = needs.map((need, month) => {
    const soldUsd = yard.retire(month);
    const boughtUsd = yard.buy(
      Math.ceil(need.gpus / spec.gpusPerServer),
      month,
      prices[month].hardware,
    );
    capexUsd += boughtUsd;
    const { servers } = yard;
    const owned = servers * spec.gpusPerServer;
    const busy = ((need.busyFraction ?? 0) * need.gpuHours) / Math.max(1, owned * monthHours);
    const { power } = prices[month];
    const lines = {
      amortization: yard.paymentUsd,
      power: energyKwh(spec, servers, busy, monthHours) * spec.usdPerKwh * power,
      colocation: servers * spec.kwPerServer * spec.colocationUsdPerKwMonth * power,
      maintenance: (yard.serverPriceUsd * spec.maintenanceSharePerYear) / 12,
      staff: (servers > 0 ? spec.staffUsdPerMonth : 0) + servers * spec.staffUsdPerServerMonth,
    };
    const running = lines.power + lines.colocation + lines.maintenance + lines.staff;
    return monthOf(lines, { beginUsd: boughtUsd - soldUsd, endUsd: running }, owned);
  });
  return { months, residualUsd: yard.valueAfter(needs.length - 1), capexUsd };
}
