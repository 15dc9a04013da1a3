#include "app/state/training_mirror.h"

namespace kiln {

void TrainingMirror::apply(const Event&) {}

void TrainingMirror::apply(const Progress&) {}

}  // namespace kiln
