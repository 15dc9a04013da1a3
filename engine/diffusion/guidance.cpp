#include "engine/diffusion/guidance.h"

namespace kiln {

bool Guidance::applies(int step, int total) const {
  const double middle = (step + 0.5) / total;
  return scale != 1 && middle >= from && middle <= to;
}

}  // namespace kiln
