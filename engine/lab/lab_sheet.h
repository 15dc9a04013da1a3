#pragma once

#include <vector>

#include "engine/api/lab.h"
#include "engine/base/image.h"

namespace kiln {

// All of it as one picture: what was asked, the nine pictures, how likely each colour of a palette head is, what each attention
// layer looks at, ᾱ and the signal-to-noise ratio over t with the steps that a run visits, the map of the classes, and the run from
// there on.
Image lab_sheet(const LabRequest& request, const LabResult& result, const std::vector<LabStep>& path,
                const std::vector<PartTime>& times);

// How much of an attention layer's looking each of its pixels gets, the mean over those that look: [height · width], sums to 1.
std::vector<float> attention_received(const AttentionMap& map);

}  // namespace kiln
