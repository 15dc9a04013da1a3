#pragma once

#include "engine/api/command.h"
#include "engine/api/event.h"

namespace kiln {

// A piece of work that goes on in small steps, each on the engine's thread. It sends its own results and never its end.
class Job {
 public:
  virtual ~Job() = default;

  // One step. False when there is nothing left to do. Throws for a failure.
  virtual bool step() = 0;

  // Called once instead of the next step when the job is to end early; `keep` asks for what is there.
  // Returns how it ended: kCancelled if there was nothing to keep.
  virtual Outcome cancel(CancelMode mode) = 0;

  // Interactive jobs go before the others at every step.
  virtual bool interactive() const { return true; }

  // An interactive job that reads much lets the others of its kind go first.
  virtual bool patient() const { return false; }

  // Called around a pause, so that it does not count in rates.
  virtual void resumed() {}
};

}  // namespace kiln
