#include "app/state/dataset_mirror.h"

namespace kiln {

void DatasetMirror::apply(const Event&) {}

void DatasetMirror::apply(const Progress&) {}

}  // namespace kiln
