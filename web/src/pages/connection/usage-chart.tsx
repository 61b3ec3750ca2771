/** Calls and errors over time. */
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import type { Usage } from '../../api/types.ts';
import { t } from '../../texts.ts';

export function UsageChart({ usage }: { usage: Usage[] }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const axis = {
      stroke: resolved(element, '--color-dim'),
      grid: { stroke: resolved(element, '--color-line'), width: 1 },
      ticks: { show: false },
    };
    const bars = uPlot.paths.bars?.({ size: [0.7, 24] });
    const series = (label: string, name: string) => ({
      label,
      fill: resolved(element, name),
      width: 0,
      points: { show: false },
      ...(bars ? { paths: bars } : {}),
    });
    const data: uPlot.AlignedData = [
      usage.map(({ start }) => Date.parse(start) / 1000),
      usage.map(({ calls }) => calls),
      usage.map(({ errors }) => errors),
    ];
    const chart = new uPlot(
      {
        width: element.clientWidth,
        height: element.clientHeight,
        legend: { show: false },
        cursor: { show: false },
        axes: [axis, { ...axis, size: 36 }],
        scales: { y: { range: (_chart, _min, max) => [0, Math.max(max, 1)] } },
        series: [
          {},
          series(t.connection.usageCalls, '--color-accent'),
          series(t.connection.usageErrors, '--color-bad-bar'),
        ],
      },
      data,
      element,
    );
    const watcher = new ResizeObserver(() =>
      chart.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      chart.destroy();
    };
  }, [usage]);
  const total = (of: 'calls' | 'errors') => usage.reduce((sum, one) => sum + one[of], 0);
  return (
    <div
      ref={place}
      role="img"
      aria-label={`${t.connection.usageCalls}: ${total('calls')}, ${t.connection.usageErrors}: ${total('errors')}`}
      className="h-full"
    />
  );
}

/** A canvas knows no `light-dark()`: the colour as it is now. */
function resolved(element: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
