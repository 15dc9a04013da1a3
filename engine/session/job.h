#pragma once

#include "engine/api/command.h"
#include "engine/api/event.h"

namespace kiln {

// What goes first at every step.
enum class Priority {
  kInteractive,  // the artist looks at it, step by step
  kUtility,      // the artist waits for it, and sees how far it is
  kBackground,   // goes on beside other work
};

// Where a job's steps are done, one job's at a time.
enum class JobThread {
  kEngine,    // short steps
  kBlocking,  // steps that may take long, because they read or write much or wait for others: nobody waits for those
  kTraining,  // at the lowest priority of the system, and so is all that they start
};

// A piece of work that goes on in small steps. It sends its own results and never its end. Its thread may be another than the one
// that made it and destroys it, but never two at once use it, but for abandon().
class Job {
 public:
  virtual ~Job() = default;

  // One step. False when there is nothing left to do. Throws for a failure.
  virtual bool step() = 0;

  // Called once instead of the next step when the job is to end early; `keep` asks for what is there.
  // Returns how it ended: kCancelled if there was nothing to keep.
  virtual Outcome cancel(CancelMode mode) = 0;

  // Asks a step that is under way on JobThread::kBlocking to come to nothing. True if it will: then it writes and sends nothing any
  // more. False if it is too late for that, or if the job's steps are short.
  virtual bool abandon() { return false; }

  virtual Priority priority() const { return Priority::kInteractive; }
  virtual JobThread thread() const { return JobThread::kEngine; }

  // Called after a pause, so that it does not count in rates.
  virtual void resumed() {}
};

}  // namespace kiln
