#pragma once

#include "app/widgets/ui.h"
#include "engine/base/param_spec.h"

namespace kiln {

// How strong guidance is from the first step to the last, and how much of that rescaling takes back.
void draw_guidance_picture(Ui& ui, const ParamMap& sampling);

}  // namespace kiln
