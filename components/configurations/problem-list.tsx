import { CircleAlert, CircleCheck } from "lucide-react";
import { Card } from "@/components/ui/card";
import type { TextProblem } from "@/lib/contracts/launch-text";

type ProblemListProps = { problems: readonly TextProblem[]; onGoTo: (problem: TextProblem) => void };

/** What is wrong with the text, each with its line. */
export function ProblemList({ problems, onGoTo }: ProblemListProps) {
  return (
    <Card className="px-4 py-3">
      <p role="status" className="flex items-center gap-1.5 font-medium text-sm">
        {problems.length === 0 ? (
          <>
            <CircleCheck aria-hidden="true" className="size-4 shrink-0 text-positive" />
            The text is a valid launch template
          </>
        ) : (
          <>
            <CircleAlert aria-hidden="true" className="size-4 shrink-0 text-danger" />
            {problems.length === 1 ? "1 thing is wrong" : `${problems.length} things are wrong`}
          </>
        )}
      </p>
      {problems.length === 0 ? null : (
        <ul className="mt-2 flex flex-col gap-1 text-sm">
          {problems.map((problem) => (
            <li key={`${problem.from} ${problem.field} ${problem.message}`}>
              <button
                type="button"
                onClick={() => onGoTo(problem)}
                className="rounded text-start hover:underline pointer-coarse:py-1.5"
              >
                {problem.line === null ? null : <span className="text-ink-muted">Line {problem.line}: </span>}
                {problem.field === "" ? null : <span className="font-mono text-xs">{problem.field} </span>}
                <span>{problem.message}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
