#pragma once

#include "app/state/notices.h"
#include "app/state/outgoing.h"
#include "engine/api/event.h"

namespace kiln {

// The Data tab's picture of the engine: the set of sprites that is open, what was found in it, what is done about it.
class DatasetMirror {
 public:
  DatasetMirror(Outgoing& outgoing, Notices& notices) : outgoing_(outgoing), notices_(notices) {}

  void apply(const Event& event);
  void apply(const Progress& progress);

 private:
  [[maybe_unused]] Outgoing& outgoing_;
  [[maybe_unused]] Notices& notices_;
};

}  // namespace kiln
