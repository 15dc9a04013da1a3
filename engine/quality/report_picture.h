#pragma once

#include "engine/base/image.h"
#include "engine/quality/evaluation_result.h"

namespace kiln {

// A picture of what was found: generated sprites class by class; each suspected copy (the nearest few dozen) left of its training
// sprite; histograms of the numbers of colours and of the distances to the nearest training sprites.
Image report_picture(const EvaluationResult& result);

}  // namespace kiln
