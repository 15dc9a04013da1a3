#pragma once

#include "app/state/notices.h"
#include "app/state/outgoing.h"
#include "engine/api/event.h"

namespace kiln {

// The Train tab's picture of the engine: the run that is under way or open, its losses and samples, and the other runs.
class TrainingMirror {
 public:
  TrainingMirror(Outgoing& outgoing, Notices& notices) : outgoing_(outgoing), notices_(notices) {}

  void apply(const Event& event);
  void apply(const Progress& progress);

 private:
  [[maybe_unused]] Outgoing& outgoing_;
  [[maybe_unused]] Notices& notices_;
};

}  // namespace kiln
