#version 330 core
// A sprite, straight alpha, over the transparency checkerboard; opaque on screen.
in vec2 uv;
flat in float sprite_layer;

uniform sampler2DArray sprites;
uniform vec2 sprite_size;   // in texels
uniform float check_texels; // side of one square of the checkerboard
uniform vec3 check_dark;
uniform vec3 check_light;
uniform float grid_alpha;   // of the lines between texels; 0 for none
uniform float zoom;         // framebuffer pixels a texel

out vec4 colour;

void main() {
  vec2 texel = uv * sprite_size;
  vec2 square = floor(texel / check_texels);
  vec3 under = mod(square.x + square.y, 2.0) < 0.5 ? check_dark : check_light;
  vec3 shown = under;
  if (sprite_layer >= 0.0) {
    vec4 pixel = texture(sprites, vec3(uv, sprite_layer));
    shown = mix(under, pixel.rgb, pixel.a);
  }
  if (grid_alpha > 0.0) {
    vec2 from_edge = fract(texel) * zoom;
    if (min(from_edge.x, from_edge.y) < 1.0) shown = mix(shown, vec3(0.0), grid_alpha);
  }
  colour = vec4(shown, 1.0);
}
