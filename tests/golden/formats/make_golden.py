# Makes the golden files of this folder with Pillow, NumPy, zipfile and pickle. Run it in any folder: python3 make_golden.py
import io,json,os,pickle,struct,sys,types,zipfile
from collections import OrderedDict
import numpy as np
from PIL import Image
d=os.path.join(os.path.dirname(os.path.abspath(__file__)),'')

def px(x,y): return ((x*50+y*3)%256,(y*60+10)%256,(x*7+y*11+128)%256,[255,0,128,1,254][x])
a=np.array([[px(x,y) for x in range(5)] for y in range(4)],np.uint8)
im=Image.fromarray(a,'RGBA'); rgb=Image.fromarray(a[:,:,:3].copy(),'RGB')
im.save(d+'rgba.png'); rgb.save(d+'rgb.png'); rgb.save(d+'rgb.bmp'); im.save(d+'rgba.tga'); im.save(d+'rle.tga',compression='tga_rle'); rgb.save(d+'rgb.ppm')
Image.fromarray(a[:,:,0].copy(),'L').save(d+'grey.png')
p=Image.fromarray(np.array([[0,1,2],[2,1,0]],np.uint8),'P'); p.putpalette([255,0,0, 0,255,0, 0,0,255]); p.save(d+'indexed.png',transparency=bytes([255,0,255])); p.save(d+'indexed.gif',transparency=1)
rgb.resize((16,16)).save(d+'photo.jpg',quality=95)
w=np.array([[0.5,1,2],[3,4,-3.25]],'<f4'); 
parts=[('layer.weight','F32',[2,3],w.tobytes()),('scalar','I64',[],struct.pack('<q',-7)),('none','F16',[0,3],b''),('flags','BOOL',[3],bytes([0,1,1]))]
h={'__metadata__':{'format':'pt','note':'größe'}}; off=0; data=b''
for n,dt,s,b in parts:
    h[n]={'dtype':dt,'shape':s,'data_offsets':[off,off+len(b)]}; off+=len(b); data+=b
t=json.dumps(h).encode(); t+=b' '*(-len(t)%8)
open(d+'small.safetensors','wb').write(struct.pack('<Q',len(t))+t+data)
a=np.arange(24).reshape(2,3,4)
np.save(d+'f4.npy',(a*0.5-3).astype('<f4')); np.save(d+'fortran.npy',np.asfortranarray(a.astype('<i2'))); np.save(d+'big_endian.npy',a.astype('>i4'))
np.save(d+'f2.npy',np.array([0,1,-2.5,65504,6e-8,np.inf],'<f2')); np.save(d+'bool.npy',np.array([[True,False]])); np.save(d+'scalar.npy',np.array(7,'<i8'))
with open(d+'version3.npy','wb') as f: np.lib.format.write_array(f,np.array([1,2,255],'u1'),version=(3,0))
np.save(d+'objects.npy',np.array([{},1],object),allow_pickle=True); np.save(d+'structure.npy',np.zeros(2,dtype=[('a','<f4'),('b','u1')])); np.save(d+'text.npy',np.array(['ab','c']))
# Checkpoints as torch.save writes them, made without torch: stand-ins under its names, pickled by Python's own pickler.
torch=types.ModuleType('torch'); utils=types.ModuleType('torch._utils'); sys.modules['torch']=torch; sys.modules['torch._utils']=utils; torch._utils=utils
def fn(mod,name):
    def f(*a): raise RuntimeError
    f.__name__=f.__qualname__=name; f.__module__=mod.__name__; setattr(mod,name,f); return f
v2=fn(utils,'_rebuild_tensor_v2'); par=fn(utils,'_rebuild_parameter'); Size=fn(torch,'Size')
def typ(n):
    t=type(n,(),{}); t.__module__='torch'; setattr(torch,n,t); return t
T={n:typ(n) for n in ('FloatStorage','HalfStorage','LongStorage')}
class Call:
    def __init__(s,f,*a): s.f,s.a=f,a
    def __reduce__(s): return (s.f,s.a)
class Sto:
    def __init__(s,t,key,n): s.id=('storage',T[t],key,'cpu',n)
def tensor(s,off,size,stride): return Call(v2,s,off,size,stride,False,OrderedDict())
class P(pickle.Pickler):
    def persistent_id(s,o): return o.id if isinstance(o,Sto) else None
def dumps(o,proto):
    b=io.BytesIO(); P(b,proto).dump(o); return b.getvalue()
def save(name,o,data,proto=2,comp=zipfile.ZIP_STORED,force64=False):
    p=d+name
    with zipfile.ZipFile(p,'w',comp) as z:
        def w(n,b):
            zi=zipfile.ZipInfo(n,(1980,1,1,0,0,0)); zi.compress_type=comp
            with z.open(zi,'w',force_zip64=force64) as f: f.write(b)
        w('small/data.pkl',dumps(o,proto)); w('small/byteorder',b'little')
        for k,b in data.items(): w('small/data/'+k,b)
        w('small/version',b'3\n')
a=struct.pack('<6f',0,1,2,3,4,5); h=struct.pack('<3e',0.5,-2,65504); l=struct.pack('<q',-7)
s0=Sto('FloatStorage','0',6); s1=Sto('HalfStorage','1',3); s2=Sto('LongStorage','2',1)
state=OrderedDict([('weight',tensor(s0,0,(3,2),(1,3))),('half',tensor(s1,0,(3,),(1,))),('param',Call(par,tensor(s0,2,(2,2),(2,1)),True,OrderedDict())),('steps',tensor(s2,0,(),())),('none',tensor(s0,0,(0,4),(4,1))),('wide',tensor(s0,4,(2,2),(0,1)))])
state._metadata=OrderedDict([('',{'version':1})])
root={'state':state,'epoch':12,'big':-2**40,'loss':0.125,'name':'größe','ok':True,'nothing':None,'list':[1,(2,3),'x'],5:'five','shape':Call(Size,(4,5))}
data={'0':a,'1':h,'2':l}
save('small.pth',root,data); save('small_protocol4.pth',root,data,4,force64=True)
save('deflated.pth',root,data,comp=zipfile.ZIP_DEFLATED)
import posix
save('call.pth',{'x':Call(posix.system,'echo hello')},data); save('call_protocol4.pth',{'x':Call(posix.system,'echo hello')},data,4)
c=[1]; c.append(c); save('cyclic.pth',{'x':c},data)
l=[1]
for i in range(60): l=[l,l]
save('doubling.pth',{'x':l},data)
save('missing.pth',{'x':tensor(Sto('FloatStorage','9',6),0,(6,),(1,))},data)
save('liar.pth',{'x':tensor(Sto('FloatStorage','0',1<<40),0,(6,),(1,))},data)
save('outside.pth',{'x':tensor(s0,1,(3,2),(2,1))},data)
save('enormous.pth',{'x':tensor(s0,0,(1<<40,),(0,))},data)
save('overflow.pth',{'x':tensor(s0,0,(1<<62,1<<62),(1<<62,1))},data)
